"""A new workspace: its first records, and the files around them.

    files = plan_workspace(answers, preset="head-excluded", random=os.urandom)
    write_files(Path("coaching"), files)

The files are planned as values first, so that they can be checked before one
of them is written. A trust that has a workspace already is given one more
school by `plan_school`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING

from coachbook import __version__
from coachbook.book.files import NOT_SCHOOLS
from coachbook.book.model import FORMAT
from coachbook.calendar import school_year
from coachbook.errors import UsageError
from coachbook.frontmatter import format_header
from coachbook.newrecord import new_id, random_name
from coachbook.presets import fill_preset
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from coachbook.frontmatter import Value

    Random = Callable[[int], bytes]

HALF_TERMS = ("autumn_1", "autumn_2", "spring_1", "spring_2", "summer_1", "summer_2")
HOOKS = ".githooks"
GIT_ATTRIBUTES = ".gitattributes"
GIT_IGNORE = ".gitignore"
DRIVERS = "records/**/*.md diff=coachbook merge=coachbook"
"""The line of `.gitattributes` by which coachbook shows records in a diff and merges them."""
_RUN = f"{HOOKS}/coachbook"
GIT_SETTINGS = {
    "core.hooksPath": HOOKS,
    "diff.coachbook.textconv": f'show() {{ if test -x {_RUN}; then {_RUN} textconv "$1"; '
    'else cat "$1"; fi; }; show',
    "merge.coachbook.name": "header by key, body by section",
    "merge.coachbook.driver": f"if test -x {_RUN}; then {_RUN} merge-driver %O %A %B %P; "
    "else git merge-file -L ours -L before -L theirs %A %O %B; fi",
}
"""What git is set to in each clone; a clone does not bring it along.

An earlier commit or a sparse checkout may lack the script, and a diff must not fail by that.
"""
_WORKSPACE_NAME = 16
_SLUG = re.compile(r"[a-z][a-z0-9-]*")
_REVIEW_AFTER = dt.timedelta(days=365)
_A_DAY = dt.timedelta(days=1)

# File in the package -> its place in the workspace.
_AROUND = {
    "gitattributes": GIT_ATTRIBUTES,
    "gitignore": GIT_IGNORE,
    "coachbook": f"{HOOKS}/coachbook",
    "pre-commit": f"{HOOKS}/pre-commit",
    "pre-merge-commit": f"{HOOKS}/pre-merge-commit",
    "pre-push": f"{HOOKS}/pre-push",
    "settings.json": ".vscode/settings.json",
    "editorconfig": ".editorconfig",
    "publish.yml": ".github/workflows/publish.yml",
    "README.md": "README.md",
}


_RUBRIC = ("Explaining", "Questioning", "Practice", "Feedback", "Routines")
"""Strands of a teaching rubric to begin with, as a policy may ask goals to name one."""


@frozen
class NewPerson:
    """Somebody the workspace begins with: full name, category, roles, first day at the school.

    Whoever has no first day was here before the records began.
    """

    name: str
    category: str
    roles: tuple[str, ...] = ()
    start: dt.date | None = None


@frozen
class Answers:
    """What only the school can say: people, calendar and the policy's open questions."""

    school: str
    phase: str
    people: tuple[NewPerson, ...]
    terms: Mapping[str, str]
    policy: Mapping[str, Value]
    inset: tuple[dt.date, ...] = ()
    bank_holidays: tuple[dt.date, ...] = ()
    trust: str = ""
    slug: str = ""


def plan_workspace(answers: Answers, *, preset: str, random: Random) -> dict[str, str]:
    """Every file of a new workspace, by path; UsageError where an answer cannot be used."""
    return {
        "records/trust.md": _trust(answers, random),
        **plan_school(answers, preset=preset, random=random),
        **_around(answers, preset),
    }


def plan_school(
    answers: Answers, *, preset: str, random: Random, taken: Collection[str] = ()
) -> dict[str, str]:
    """The records of one school, by path; `taken` are the ids and sign-ins that are in use."""
    slug = school_slug(answers.school, answers.slug)
    first = _first_day(answers)
    policy = _policy(answers, preset, slug, first)
    return {
        f"records/{slug}/school.md": format_header(
            {"type": "school", "id": slug, "name": answers.school, "phase": answers.phase}
        ),
        f"records/{slug}/calendar-{school_year(first)}.md": _calendar(answers, slug, first),
        f"records/{slug}/policy-{first:%Y-%m}.md": policy,
        **dict(_people(answers, slug, first, random, set(taken))),
    }


def school_slug(name: str, chosen: str = "") -> str:
    """The short name of a school: the chosen one, or one made from its name; else UsageError."""
    slug = chosen or slug_of(name)
    if not _SLUG.fullmatch(slug) or slug in NOT_SCHOOLS:
        raise UsageError(
            f"{slug!r} cannot be the short name of a school",
            hint="choose lower-case letters, digits and hyphens with --slug, such as --slug hill",
        )
    return slug


def slug_of(name: str) -> str:
    """A short name for folders: the first word, in plain lower-case letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z][a-z0-9]*", plain)
    if not words:
        raise UsageError(
            f"no short name can be made from {name!r}",
            hint="choose one with --slug, such as --slug hill",
        )
    return str(words[0])


def sign_in_of(name: str) -> str:
    """What a person types to sign in, made from their name: "wren.ashgrove"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z]+", plain.replace("'", "").replace("-", ""))
    return f"{words[0]}.{words[-1]}" if len(words) > 1 else "".join(words)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Writes the planned files; a hook among them can be run."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
        if path.startswith(f"{HOOKS}/"):
            place.chmod(0o755)


def _trust(answers: Answers, random: Random) -> str:
    return format_header(
        {
            "type": "trust",
            "format": FORMAT,
            "name": answers.trust or answers.school,
            "workspace": random_name(_WORKSPACE_NAME, random),
            "fragments": random(32).hex(),
            "rubric": _RUBRIC,
        }
    )


def _calendar(answers: Answers, slug: str, first: dt.date) -> str:
    missing = [name for name in HALF_TERMS if name not in answers.terms]
    if missing:
        raise UsageError(
            f"the calendar has no dates for {', '.join(missing)}",
            hint='write each as --term "autumn_1 2026-09-02 to 2026-10-23"',
        )
    fields: dict[str, Value] = {"type": "calendar", "school": slug, "year": school_year(first)}
    fields.update({name: answers.terms[name] for name in HALF_TERMS})
    if answers.inset:
        fields["inset"] = answers.inset
    if answers.bank_holidays:
        fields["bank_holidays"] = answers.bank_holidays
    return format_header(fields)


def _policy(answers: Answers, preset: str, slug: str, first: dt.date) -> str:
    header: dict[str, Value] = {
        "type": "policy",
        "school": slug,
        "version": f"{first:%Y-%m}",
        "effective_from": first,
        "review_due": first + _REVIEW_AFTER,
        "preset": preset,
    }
    return fill_preset(preset, header | dict(answers.policy))


def _people(
    answers: Answers, slug: str, first: dt.date, random: Random, taken: set[str]
) -> Iterator[tuple[str, str]]:
    for person in answers.people:
        name = new_id("p", random, taken)
        taken.add(name)
        sign_in = _free(sign_in_of(person.name), taken)
        taken.add(sign_in)
        yield f"records/people/{name}.md", _person(person, name, sign_in, slug, first)
        for role in person.roles:
            assignment = new_id("r", random, taken)
            taken.add(assignment)
            yield (
                f"records/{slug}/roles/{assignment}.md",
                format_header(
                    {
                        "type": "role-assignment",
                        "id": assignment,
                        "school": slug,
                        "person": name,
                        "role": role,
                        "from": first,
                    }
                ),
            )


def _free(sign_in: str, taken: set[str]) -> str:
    """The sign-in itself, or with a number where somebody else has it already."""
    choices = (sign_in, *(f"{sign_in}{number}" for number in range(2, len(taken) + 3)))
    return next(choice for choice in choices if choice not in taken)


def _person(person: NewPerson, name: str, sign_in: str, slug: str, first: dt.date) -> str:
    return format_header(
        {
            "type": "person",
            "id": name,
            "display_name": person.name,
            "known_as": person.name.split()[0],
            "sign_in": sign_in,
            "category": person.category,
            "schools": (slug,),
            "start": person.start or first - _A_DAY,
        }
    )


def _first_day(answers: Answers) -> dt.date:
    """The first day of the school year, from the dates of the first half-term."""
    text = answers.terms.get(HALF_TERMS[0], "").split(" ")[0]
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"autumn_1 does not begin with a date: {text!r}",
            hint='write it as --term "autumn_1 2026-09-02 to 2026-10-23"',
        ) from error


def git_scripts() -> dict[str, str]:
    """What git runs in a workspace, by path."""
    return {path: text for path, text in _unfilled().items() if path.startswith(f"{HOOKS}/")}


def git_files() -> dict[str, str]:
    """What git needs in a workspace to ignore, show, seal and merge as it should, by path."""
    wanted = (GIT_ATTRIBUTES, GIT_IGNORE)
    kept = {path: text for path, text in _unfilled().items() if path in wanted}
    return {**kept, **git_scripts()}


def plan_drivers(root: Path) -> dict[str, str]:
    """The files that a workspace lacks for git to run coachbook, by path; none is replaced."""
    missing = {path: text for path, text in git_scripts().items() if not (root / path).exists()}
    file = root / GIT_ATTRIBUTES
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    if DRIVERS in text.splitlines():
        return missing
    gap = "" if not text or text.endswith("\n") else "\n"
    return {**missing, GIT_ATTRIBUTES: f"{text}{gap}{DRIVERS}\n"}


def around_paths() -> tuple[str, ...]:
    """The places of the files beside the records that a workspace begins with."""
    return tuple(_AROUND.values())


def _unfilled() -> dict[str, str]:
    """The files beside the records, by path, as they lie in the package."""
    folder = resources.files("coachbook") / "_workspace"
    return {place: (folder / name).read_text(encoding="utf-8") for name, place in _AROUND.items()}


def _around(answers: Answers, preset: str) -> dict[str, str]:
    """The files beside the records, by path, each with what it says about this school."""
    folder = resources.files("coachbook") / "_workspace"
    found = _unfilled()
    steps = (folder / "first-steps" / f"{preset}.md").read_text(encoding="utf-8")
    found[_AROUND["README.md"]] = found[_AROUND["README.md"]].format(
        school=answers.school,
        slug=school_slug(answers.school, answers.slug),
        version=f"{_first_day(answers):%Y-%m}",
        steps=steps,
    )
    workflow = _AROUND["publish.yml"]
    return found | {workflow: found[workflow].replace("{version}", __version__)}
