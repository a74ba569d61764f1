"""The small workspace that the rules' examples run in, and how its sealed parts were made.

Its keys come from fixed seeds, so that tests can open what is sealed there and
running this file again changes nothing:

    python tests/workspaces/otterbeck_small.py
"""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.age import X25519Identity
from coachbook.approvals import approve, with_approvals
from coachbook.book import (
    form_of,
    load_book,
    place_of,
    policy_for,
    role_holders,
    section_info,
    section_readers,
)
from coachbook.drills import Drill, with_drill
from coachbook.forms import parse_section, section_json
from coachbook.payload import WHOLE
from coachbook.people import ENVELOPE
from coachbook.presets import fill_preset
from coachbook.publickey import (
    format_public_key,
    private_key_path,
    public_key_of,
    public_key_path,
)
from coachbook.readers import Reader
from coachbook.record import (
    Record,
    format_block,
    parse_record,
    replace_field,
    replace_section,
)
from coachbook.sealing import Place, seal, seal_role_identity
from coachbook.sharing import final_source
from coachbook.signatures import Signer, sign_seal, signer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coachbook.book import Book

ROOT = Path(__file__).parent / "otterbeck-small"
RULES = Path(__file__).parents[1] / "rules"
POLICY = "records/otterbeck/policy-2026-09.md"
SESSION = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md"

COACH, COACHEE = "p-c5t0w6ze", "p-n9b4j2ys"
MONITOR = "monitor@otterbeck"
PEOPLE = (COACH, COACHEE, "p-e6f1u8gd", "p-h7d2k9qm", "p-m3v8x1ra", "p-x2a7o5kh")
ROLES = tuple(f"{role}@otterbeck" for role in ("head", "lead-coach", "monitor"))
MADE = date(2026, 9, 1)
SEALED_AT = datetime(2026, 11, 12, 16, 30, tzinfo=UTC)

ANSWERS = {
    "school": "otterbeck",
    "version": "2026-09",
    "effective_from": date(2026, 9, 1),
    "review_due": date(2027, 7, 31),
    "ratified_on": date(2026, 7, 8),
    "repository.holders": ("monitor", "lead-coach", "office"),
    "keys.publish_protected": "no",
    "recovery.holder": "nobody",
    "retention.notes": "until 31 August after the cycle closes",
    "retention.impact": "for three years",
    "retention.separate": "for six years",
}

SESSION_TEXT = """\
---
type: session
id: s-7kq2m4xa
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-12
status: held
kind: coaching
minutes: 14
style: facilitative
---

## Notes

After a question on equal fractions the room was silent for barely a second, and then
I answered it myself. We counted the waits in five minutes of the recording: nine, the
longest two seconds.

## Action steps

- [ ] Count to three after every question in the first ten minutes (by 19 Nov)
"""


def identity(owner: str) -> X25519Identity:
    """The private key of a person or role of the small workspace."""
    return X25519Identity.generate(stream(f"identity {owner}"))


def stream(seed: str) -> Callable[[int], bytes]:
    """Random bytes that are the same each time."""
    numbers = count()

    def take(length: int) -> bytes:
        data = b""
        while len(data) < length:
            data += hashlib.sha256(f"{seed} {next(numbers)}".encode()).digest()
        return data[:length]

    return take


def seal_sections(
    book: Book,
    record: Record,
    *,
    more_readers: Iterable[str] = (),
    instead_of: str = "",
    new_keys: Iterable[str] = (),
    revision: int = 1,
    signer: Signer | None = None,
) -> str:
    """The record with every confidential section sealed for the readers of the policy.

    Args:
        more_readers: principals who are added wrongly.
        instead_of: one who is left out wrongly.
        new_keys: those who are sealed to their second key.
        signer: who writes and signs it; else the coach writes it, and nobody signs.
    """
    form = form_of(book, record)
    assert form is not None
    source, keys = record.source, {one: f"{one} 2" for one in new_keys}
    for section in form.sections:
        found = record.section(section.name)
        if not section.sealed or found is None or found.stray is None:
            continue
        readers = [
            one
            for one in (*section_readers(book, record, section), *more_readers)
            if one != instead_of
        ]
        text = record.text(found) + "\n"
        data, _ = parse_section(text, section, today=SEALED_AT.date())
        armor = seal(
            text,
            section_json(data),
            place=place_of(book, record, section.name),
            readers=[Reader(one, identity(keys.get(one, one)).recipient()) for one in readers],
            revision=revision,
            author=signer.person if signer else COACH,
            sealed_at=SEALED_AT,
            policy=policy.version if (policy := policy_for(book, record)) else "",
            rules=("CB411", "CB412"),
            random=stream(f"seal {record.path} {section.name} {readers}"),
            signer=signer,
        )
        place, day = place_of(book, record, section.name), SEALED_AT.date().isoformat()
        lines = sign_seal(armor, place, revision, signer, day) if signer else None
        block = format_block(section_info(book, record, section), revision, armor, lines)
        current = parse_record(record.path, source.encode())
        assert isinstance(current, Record)
        source = replace_section(current, section.name, block)
    return source


def seal_samples(book: Book) -> None:
    """Writes the examples of rules about sealed sections, each made wrong in its own way."""
    record = parse_record(SESSION, SESSION_TEXT.encode())
    assert isinstance(record, Record)
    sealed = seal_sections(book, record)
    lines = sealed.splitlines(keepends=True)
    cut = next(n for n, line in enumerate(lines) if line.startswith("-----BEGIN")) + 3
    samples = {
        "CB501": SESSION_TEXT,
        "CB503": seal_sections(book, record, more_readers=["head@otterbeck"], instead_of=COACHEE),
        "CB504": "".join(lines[:cut] + lines[cut + 1 :]),
        "CB505": sealed + "\nRemember to ask about the display.\n",
    }
    for code, bad in samples.items():
        _write_sample(code, sealed, bad)


def life_samples(book: Book) -> None:
    """Writes the examples of rules about drafts and final notes."""
    draft = _session(f"note: draft\ndrafted_by: {COACH}\n")
    opened = seal_sections(book, draft, more_readers=[COACHEE])
    _write_sample("CB507", seal_sections(book, draft), opened)
    first, later = (
        parse_record(SESSION, seal_sections(book, note).encode())
        for note in (_session(), _session(nine="eleven"))
    )
    assert isinstance(first, Record)
    assert isinstance(later, Record)
    final = final_source(first)
    lock = parse_record(SESSION, final.encode())
    assert isinstance(lock, Record)
    altered = replace_field(later, "note", "final")
    later = parse_record(SESSION, altered.encode())
    assert isinstance(later, Record)
    _write_sample("CB506", final, replace_field(later, "locked", str(lock.value("locked"))))


def _session(fields: str = "", *, nine: str = "nine") -> Record:
    """The session with more fields in its header, or another number in its notes."""
    text = SESSION_TEXT.replace("minutes: 14\n", f"minutes: 14\n{fields}").replace("nine", nine)
    found = parse_record(SESSION, text.encode())
    assert isinstance(found, Record)
    return found


def _write_sample(code: str, ok: str, bad: str) -> None:
    _write_example(code, "ok", ok)
    _write_example(code, "bad", bad)


def _write_example(code: str, name: str, text: str) -> None:
    folder = RULES / code
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")


def key_samples(book: Book) -> None:
    """Writes the examples of rules about earlier and unknown keys."""
    _write_sample("CB605", _sealed_whole("head@otterbeck"), _sealed_whole("a stranger"))
    _new_key("CB606", COACHEE)
    session = parse_record(SESSION, SESSION_TEXT.encode())
    assert isinstance(session, Record)
    sealed = seal_sections(book, session)
    renewed = seal_sections(book, session, new_keys=[COACHEE])
    _write_sample("CB606", renewed, sealed)
    _new_key("CB607", MONITOR)
    _write_sample("CB607", _role_key(PEOPLE[4]), _role_key(PEOPLE[2]))


def signer(owner: str, generation: int = 1) -> Signer:
    """A person of the small workspace, unlocked with a key of theirs."""
    private = identity(owner if generation == 1 else f"{owner} {generation}")
    return signer_of(
        private, public_key_of(private, owner=owner, generation=generation, created=MADE)
    )


def signature_samples(book: Book) -> None:
    """Writes the examples of rules about signatures under sealed parts."""
    session = parse_record(SESSION, SESSION_TEXT.encode())
    reflected = parse_record(
        SESSION, f"{SESSION_TEXT}\n## Coachee reflection\n\nNine, and I felt each.\n".encode()
    )
    assert isinstance(session, Record)
    assert isinstance(reflected, Record)
    sealed = seal_sections(book, session, signer=signer(COACH))
    _write_sample("CB511", sealed, sealed.replace("revision: 1", "revision: 2", 1))
    unsigned = seal_sections(book, reflected)
    for name, person in (("ok", COACHEE), ("bad", COACH)):
        signed = parse_record(
            SESSION, seal_sections(book, reflected, signer=signer(person)).encode()
        )
        assert isinstance(signed, Record)
        part = signed.section("Coachee reflection")
        here = parse_record(SESSION, unsigned.encode())
        assert part is not None
        assert isinstance(here, Record)
        text = replace_section(here, part.name, signed.source[part.start : part.end])
        _write_example("CB512", name, text)
    _new_key("CB513", COACHEE)
    _write_sample(
        "CB513",
        *(
            seal_sections(book, session, new_keys=[COACHEE], signer=signer(COACHEE, generation))
            for generation in (2, 1)
        ),
    )


def recovery_samples() -> None:
    """Writes the example of the rule about drills: a school whose recovery key is on paper."""
    owner = f"{ENVELOPE}@otterbeck"
    key = public_key_of(identity(owner), owner=owner, generation=1, created=date(2025, 9, 1))
    changed = ANSWERS | {
        "version": "2026-11",
        "effective_from": date(2026, 11, 15),
        "recovery.holder": ENVELOPE,
    }
    _also("CB608", "records/otterbeck/policy-2026-11.md", fill_preset("head-excluded", changed))
    _also("CB608", key.path, format_public_key(key))
    drills = (with_drill("", Drill(date(year, 9, 30), owner, 1, 41, 41)) for year in (2026, 2025))
    _write_sample("CB608", *drills)


def since_samples(book: Book) -> None:
    """Writes the examples of rules about what has changed since an earlier state."""
    line = approve(
        f"holder {MONITOR} {COACH}",
        workspace=book.trust.workspace,
        person=PEOPLE[4],
        day=date(2026, 11, 20),
        identity=identity(PEOPLE[4]),
    )
    _write_sample("CB509", with_approvals("", [line]), with_approvals("", []))
    session = parse_record(SESSION, SESSION_TEXT.encode())
    assert isinstance(session, Record)
    sealed = seal_sections(book, session)
    later = seal_sections(book, session, revision=2)
    _write_sample("CB510", later, sealed)
    place = RULES / "CB510" / "before" / SESSION
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(later, encoding="utf-8", newline="\n")


def _sealed_whole(owner: str) -> str:
    """A record of which nothing shows, sealed to the head's name with the key of an owner."""
    name, reader = "x-2b4d6f8h", Reader("head@otterbeck", identity(owner).recipient())
    armor = seal(
        "---\ntype: concern\n---\n",
        {},
        place=Place("4n7d0q2m8x1v6b3k", name, "sealed", WHOLE),
        readers=[reader],
        revision=1,
        author=COACH,
        sealed_at=SEALED_AT,
        policy="2026-09",
        rules=(),
        random=stream(f"seal whole {owner}"),
    )
    block = format_block((reader.id,), 1, armor)
    return f"---\ntype: sealed\nid: {name}\nschool: otterbeck\n---\n\n{block}\n"


def _role_key(holder: str) -> str:
    """The first key of the monitor, sealed to somebody."""
    return seal_role_identity(
        identity(MONITOR),
        owner=MONITOR,
        generation=1,
        holders=[Reader(holder, identity(holder).recipient())],
        random=stream(f"role {MONITOR} {holder}"),
    )


def _new_key(code: str, owner: str) -> None:
    """Puts a second key of a person or role beside the examples of a rule."""
    identities = identity(owner), identity(f"{owner} 2")
    old, new = (
        public_key_of(one, owner=owner, generation=generation, created=MADE)
        for generation, one in enumerate(identities, start=1)
    )
    files = {
        public_key_path(owner, 1, current=False): format_public_key(old),
        new.path: format_public_key(new),
    }
    if owner == MONITOR:
        files[private_key_path(owner, 2)] = seal_role_identity(
            identities[1],
            owner=owner,
            generation=2,
            holders=[Reader(PEOPLE[4], identity(PEOPLE[4]).recipient())],
            random=stream(f"role {owner} 2"),
        )
    for path, text in files.items():
        _also(code, path, text)


def _also(code: str, path: str, text: str) -> None:
    """Puts a file beside the examples of a rule, to stand in their workspace."""
    place = RULES / code / "also" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")


def borrow_key() -> None:
    """Makes a key of the example trust the bad example of the rule against borrowed keys."""
    key = min((ROOT.parents[2] / "records/keys").glob("p-*.pub"))
    folder = RULES / "CB601"
    own = f"{PEOPLE[-1]}.pub"
    shutil.copy(key, folder / "bad.md")
    shutil.copy(ROOT / "records/keys" / own, folder / "ok.md")
    heads = f"# ok.md stands at records/keys/{own}\n# bad.md stands at records/keys/{key.name}\n"
    (folder / "expected.txt").write_text(heads, encoding="utf-8", newline="\n")


def main() -> None:
    """Writes the policy, the keys, the sealed session and the examples that hold keys or seals.

    The reports on the examples are written anew by `python -m tests.rules.samples`.
    """
    _write(POLICY, fill_preset("head-excluded", ANSWERS))
    for owner in (*PEOPLE, *ROLES):
        key = public_key_of(identity(owner), owner=owner, generation=1, created=MADE)
        _write(key.path, format_public_key(key))
    book = load_book(ROOT)
    for role in ROLES:
        armor = seal_role_identity(
            identity(role),
            owner=role,
            generation=1,
            holders=[Reader(one, identity(one).recipient()) for one in role_holders(book, role)],
            random=stream(f"role {role}"),
        )
        _write(f"records/keys/roles/{role}.1.age", armor)
    session = parse_record(SESSION, SESSION_TEXT.encode())
    assert isinstance(session, Record)
    _write(SESSION, seal_sections(book, session))
    seal_samples(load_book(ROOT))
    life_samples(load_book(ROOT))
    key_samples(load_book(ROOT))
    signature_samples(load_book(ROOT))
    recovery_samples()
    since_samples(load_book(ROOT))
    borrow_key()


def _write(path: str, text: str) -> None:
    place = ROOT / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
