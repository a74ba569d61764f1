"""Tests of what is inside a sealed section."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.age import X25519Identity, decrypt, read_header
from coachbook.errors import DamagedError, SealedError
from coachbook.payload import SIZES, TEXT_LIMIT, Payload, Written, format_payload, parse_payload

VECTORS = Path(__file__).parents[1] / "vectors" / "payload"
GOLDEN = VECTORS / "v1"
DOCUMENT = json.loads((GOLDEN / "cases.json").read_text(encoding="utf-8"))
SECOND = json.loads((VECTORS / "v2" / "cases.json").read_text(encoding="utf-8"))
CASES = {case["name"]: case | {"folder": "v1"} for case in DOCUMENT["cases"]} | {
    f"signed-{case['name']}": case | {"folder": "v2"} for case in SECOND["cases"]
}
SOUND = [name for name, case in CASES.items() if case["expect"] == "ok"]
DAMAGED = [name for name, case in CASES.items() if case["expect"] == "damaged"]
NEWER = [name for name, case in CASES.items() if case["expect"] == "newer"]

NOTE = Payload(
    workspace="4n7d0q2m8x1v6b3k",
    record="s-7kq2m4xa",
    type="session",
    section="Notes",
    revision=3,
    parties=(("coach", "p-7kq2m4xa"), ("coachee", "p-3fd0aaaa")),
    author="p-7kq2m4xa",
    sealed_at="2026-11-12T16:30:00Z",
    policy="2026-09",
    rules=("CB411", "CB412"),
    readers=(("p-7kq2m4xa", "zqvolpv2ncbzaxilqwlivlhnhe"),),
    data={"lines": {"Rating": "fully"}, "steps": []},
    text="Longer pauses.\n",
)
SIGNED = Written("2026-11-12T16:30:00Z", "zqvolpv2ncbzaxilqwlivlhnhe", "A" * 86 + "==")


def golden_bytes(name: str) -> bytes:
    """The bytes of a golden file."""
    return VECTORS.joinpath(CASES[name]["folder"], CASES[name]["file"]).read_bytes()


def golden_payload(name: str) -> Payload:
    """What a golden file is read as."""
    values: dict[str, Any] = {
        key.replace("-", "_"): value for key, value in CASES[name]["payload"].items()
    }
    for key in ("parties", "readers"):
        values[key] = tuple(tuple(pair) for pair in values[key])
    if "written" in values:
        values["written"] = Written(**values["written"])
    return Payload(**values | {"rules": tuple(values["rules"])})


@pytest.mark.parametrize("name", SOUND)
def test_golden_payload_reads(name: str) -> None:
    """What was sealed in either format reads the same in every later release."""
    assert golden_payload(name) == parse_payload(golden_bytes(name))


@pytest.mark.parametrize("name", [name for name in SOUND if "rewritten" not in CASES[name]])
def test_golden_payload_writes(name: str) -> None:
    """A payload has one spelling, to the byte."""
    assert golden_bytes(name) == format_payload(golden_payload(name))


@pytest.mark.parametrize("name", [name for name in SOUND if "rewritten" in CASES[name]])
def test_data_may_be_spelled_in_another_way(name: str) -> None:
    """The portal may write its JSON with other spaces, order and escapes."""
    assert parse_payload(golden_bytes(name)) == parse_payload(format_payload(golden_payload(name)))


@pytest.mark.parametrize("name", DAMAGED)
def test_golden_damage_is_refused(name: str) -> None:
    """A payload that is not written as it should be is damaged, and nothing of it is quoted."""
    with pytest.raises(DamagedError, match=r"the sealed section is damaged: ") as caught:
        parse_payload(golden_bytes(name))

    told = caught.value.message + caught.value.hint
    assert not any(secret in told for secret in ("p-7kq2m4xa", "Longer", "fully", "Wait three"))


@pytest.mark.parametrize("name", NEWER)
def test_newer_format_has_its_own_message(name: str) -> None:
    """A section from a newer release asks for that release, and is not called damaged."""
    with pytest.raises(DamagedError, match=r"sealed in format [0-9]+, this release") as caught:
        parse_payload(golden_bytes(name))

    assert "newest coachbook" in caught.value.hint


def test_golden_files_are_all_listed() -> None:
    """Every golden file stands in cases.json, so that no reader of it overlooks one."""
    listed = {f"{case['folder']}/{case['file']}" for case in CASES.values()}

    assert listed == {str(path.relative_to(VECTORS)) for path in VECTORS.glob("v*/*.txt")}
    assert len(NEWER) > 1


@pytest.mark.parametrize("reader", DOCUMENT["sealed"]["identities"])
def test_golden_sealed_file_opens(reader: str) -> None:
    """A file sealed in format 1 opens for each of the readers that its first stanza names."""
    file = (GOLDEN / DOCUMENT["sealed"]["file"]).read_bytes()
    identity = X25519Identity.parse(DOCUMENT["sealed"]["identities"][reader])

    payload = parse_payload(decrypt(file, [identity]))

    assert payload == golden_payload(DOCUMENT["sealed"]["opens_as"])
    assert (reader, identity.recipient().fingerprint()) in payload.readers
    stated = tuple(":".join(pair) for pair in payload.readers)
    assert read_header(file).stanzas[0].args == stated


def test_repr_shows_the_place_only() -> None:
    """A payload in a log or a traceback shows its place, not its type, people, data or text."""
    assert repr(NOTE) == "Payload('s-7kq2m4xa', 'Notes', revision=3)"


def test_parties_and_rules_have_one_order() -> None:
    """Two payloads with the same people and rules are equal, however these were listed."""
    other = replace(NOTE, parties=NOTE.parties[::-1], rules=NOTE.rules[::-1])

    assert other == NOTE


def test_size_tells_little() -> None:
    """Sections of different lengths measure the same up to the next size of the list."""
    sizes = {len(format_payload(replace(NOTE, text="x" * length))) for length in range(0, 3000, 50)}

    assert sizes == {512, 1024, 2048, 4096}
    assert sizes < set(SIZES)


def test_longest_text_seals() -> None:
    """A text of exactly one MiB is sealed."""
    text = "x" * TEXT_LIMIT

    assert parse_payload(format_payload(replace(NOTE, text=text))).text == text


@pytest.mark.parametrize(
    "change",
    [{"text": "é" * (TEXT_LIMIT // 2) + "x"}, {"data": {"note": "x" * SIZES[-1]}}],
    ids=["text", "data"],
)
def test_too_long_is_refused(change: dict[str, Any]) -> None:
    """A section that is too long says how long it is and what to do."""
    with pytest.raises(SealedError, match=r"the section is too long: .* at most") as caught:
        format_payload(replace(NOTE, **change))

    assert caught.value.hint == "divide it into two records"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("workspace", {"workspace": ""}),
        ("record", {"record": "s-7kq2m4xa\nauthor: p-3fd0aaaa"}),
        ("type", {"type": "a type"}),
        ("section", {"section": "Notes\r"}),
        ("section", {"section": "No\0tes"}),
        ("section", {"section": " Notes"}),
        ("revision", {"revision": 0}),
        ("parties", {"parties": (("coach", "p-1"), ("coach", "p-1"))}),
        ("parties", {"parties": (("Coach", "p-1"),)}),
        ("author", {"author": "Wren Ashgrove"}),
        ("sealed-at", {"sealed_at": "2026-11-12"}),
        ("sealed-at", {"sealed_at": "2026-02-30T00:00:00Z"}),
        ("policy", {"policy": ""}),
        ("rules", {"rules": ("CB411", "CB411")}),
        ("readers", {"readers": ()}),
        ("readers", {"readers": (("p-1", "short"),)}),
        ("readers", {"readers": NOTE.readers * 2}),
        ("written", {"written": replace(SIGNED, at="2026-11-12")}),
        ("written", {"written": replace(SIGNED, at="2026-02-30T00:00:00Z")}),
        ("written", {"written": replace(SIGNED, signature="A" * 88)}),
    ],
)
def test_value_that_would_not_read_back_is_not_written(name: str, change: dict[str, Any]) -> None:
    """What could not be read again, or could pass for another line, is not sealed."""
    with pytest.raises(SealedError, match=f"cannot be sealed: its line '{name}'"):
        format_payload(replace(NOTE, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"parties": (("coach", "p-1 coachee=p-2"),)},
        {"rules": ("CB411 CB412",)},
        {"readers": (("p-1:zqvolpv2ncbzaxilqwlivlhnhe p-2", "zqvolpv2ncbzaxilqwlivlhnhe"),)},
    ],
)
def test_one_name_that_passes_for_two_is_not_written(change: dict[str, Any]) -> None:
    """An id can't smuggle in a second party, rule or reader."""
    with pytest.raises(SealedError, match="a name in its header passes for two"):
        format_payload(replace(NOTE, **change))


@pytest.mark.parametrize(
    "data",
    [
        {"a": float("nan")},
        {"a": float("inf")},
        {"a": {1, 2}},
        {"a": "\ud83d"},
        {"a": b"bytes"},
        {1: "one", "1": "one"},
    ],
    ids=["nan", "infinity", "set", "half a pair", "bytes", "key twice"],
)
def test_data_that_is_not_json_is_not_written(data: dict[str, object]) -> None:
    """Data that has no one spelling in JSON is not sealed."""
    with pytest.raises(SealedError, match="its data is not a JSON object"):
        format_payload(replace(NOTE, data=data))


def test_data_that_holds_itself_is_not_written() -> None:
    """Data without an end is refused, not followed."""
    data: dict[str, object] = {}
    data["self"] = data

    with pytest.raises(SealedError, match="its data is not a JSON object"):
        format_payload(replace(NOTE, data=data))


@pytest.mark.parametrize("change", [{"text": "\ud83d"}, {"section": "\ud83d"}])
def test_half_a_character_is_not_written(change: dict[str, Any]) -> None:
    """Half of a surrogate pair is not text and is not sealed; the text is not in the error."""
    with pytest.raises(SealedError, match="half of a character pair") as caught:
        format_payload(replace(NOTE, **change))

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


# A payload of any kind. Surrogates are not characters, so text never holds one.
ids = st.from_regex(r"\A[0-9A-Za-z][0-9A-Za-z@._-]{0,12}\Z")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
relations = st.from_regex(r"\A[a-z][a-z0-9-]{0,8}\Z")
fingerprints = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26)
names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
json_values = st.recursive(
    scalars.filter(lambda value: value not in (float("inf"), float("-inf"))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
moments = st.datetimes().map(lambda moment: f"{moment:%Y}".zfill(4) + f"{moment:-%m-%dT%H:%M:%SZ}")
signatures = st.binary(min_size=64, max_size=64).map(lambda data: b64encode(data).decode())
payloads = st.builds(
    Payload,
    workspace=ids,
    record=ids,
    type=ids,
    section=names,
    revision=st.integers(1, 999_999_999),
    parties=st.lists(st.tuples(relations, ids), unique=True, max_size=4).map(tuple),
    author=ids | st.just(""),
    sealed_at=moments,
    policy=ids,
    rules=st.lists(ids, unique=True, max_size=4).map(tuple),
    readers=st.lists(
        st.tuples(ids, fingerprints), unique_by=lambda pair: pair[0], min_size=1, max_size=4
    ).map(tuple),
    data=st.dictionaries(texts, json_values, max_size=4),
    text=texts,
    written=st.none() | st.builds(Written, at=moments, key=fingerprints, signature=signatures),
).map(lambda one: one if one.author else replace(one, written=None))


@settings(max_examples=60)
@given(payload=payloads)
def test_reading_is_the_inverse_of_writing(payload: Payload) -> None:
    """What is sealed comes back whole, and measures one of the sizes of the list."""
    data = format_payload(payload)

    assert payload == parse_payload(data)
    assert len(data) in SIZES


@settings(max_examples=150)
@given(place=st.integers(0, 1023), byte=st.integers(0, 255))
def test_one_changed_byte_is_refused_or_is_another_payload(place: int, byte: int) -> None:
    """No changed byte crashes the reader, and none is overlooked."""
    golden = golden_bytes("plain")
    data = bytearray(golden)
    data[place] = byte
    try:
        found = parse_payload(bytes(data))
    except DamagedError:
        return

    assert (found == parse_payload(golden)) == (data == golden)


@settings(max_examples=100)
@given(data=st.binary(max_size=600))
def test_noise_is_refused(data: bytes) -> None:
    """Bytes that are no payload are damaged, whatever they are."""
    with pytest.raises(DamagedError):
        parse_payload(data)


def test_every_field_is_written() -> None:
    """Two payloads that differ in one field differ in their bytes."""
    other = Payload(
        workspace="another",
        record="s-0a1b2c3d",
        type="concern",
        section="*",
        revision=4,
        parties=(),
        author="",
        sealed_at="2026-11-12T16:30:01Z",
        policy="2027-01",
        rules=(),
        readers=(("p-3fd0aaaa", "zqvolpv2ncbzaxilqwlivlhnhe"),),
        data={},
        text="",
        written=SIGNED,
    )
    names = [field.name for field in fields(Payload)]
    written = {format_payload(replace(NOTE, **{name: getattr(other, name)})) for name in names}

    assert len(written | {format_payload(NOTE)}) == len(names) + 1
