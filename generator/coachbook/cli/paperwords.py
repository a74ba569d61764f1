"""Words that are typed from paper: a recovery key, never shown and never an argument."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coachbook.cli.context import is_at_terminal, say
from coachbook.errors import InputError, UsageError, WrongPassphraseError
from coachbook.people import ENVELOPE, scoped_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.age import Random, X25519Identity
    from coachbook.cli.desk import Desk

_ASKED = 3
_TRIES = 3


def words_option(command: Any) -> Any:  # noqa: ANN401 (click's own decorators)
    """Adds `--words-file FILE`."""
    return click.option(
        "--words-file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Read the words of the envelope from this file; otherwise they are asked for.",
    )(command)


def require_envelope_key(desk: Desk, school: str) -> str:
    """The envelope of the school; raises UsageError where it has no key."""
    require_school(desk, school)
    owner = scoped_role(ENVELOPE, school)
    if desk.book.keyring.current(owner) is None:
        raise UsageError(
            f"there is no key of a sealed envelope at {desk.book.schools[school].name}",
            hint=f"make one, if the policy says so: coachbook keys recovery new {school}",
        )
    return owner


def require_school(desk: Desk, school: str) -> None:
    """Raises UsageError where the workspace has no school of that short name."""
    if school not in desk.book.schools:
        raise UsageError(
            f"there is no school {school!r} in this workspace",
            hint=f"one of: {', '.join(desk.book.schools)}",
        )


def envelope_name(desk: Desk, owner: str) -> str:
    """The envelope inside a sentence: "the sealed envelope of Otterbeck Primary"."""
    return f"the sealed envelope of {desk.book.schools[owner.partition('@')[2]].name}"


def ask_words(desk: Desk, envelope: str, file: Path | None) -> X25519Identity:
    """The key of the envelope from its words; raises WrongPassphraseError if it is another."""
    from coachbook.paperkey import read_paper_key

    identity = read_paper_key(_typed(desk, envelope, file))
    fingerprint = identity.recipient().fingerprint()
    if not any(key.fingerprint == fingerprint for key in desk.book.keyring.keys[envelope]):
        raise WrongPassphraseError(
            f"the words are a key, and not one of {envelope_name(desk, envelope)}",
            hint="look at the school and the number of the key on the paper",
        )
    return identity


def prove_words(words: Sequence[str], random: Random) -> None:
    """Returns once some of the words were typed back; raises UsageError if they are not known."""
    for place in _some(len(words), random):
        if not any(_is_typed(words[place], place + 1) for _ in range(_TRIES)):
            raise UsageError(
                f"word {place + 1} was not typed as it is on the paper, so no key was made",
                hint="destroy the paper and run the command again",
            )


def _is_typed(word: str, number: int) -> bool:
    typed: str = click.prompt(f"Word {number} on the paper", hide_input=True, err=True)
    if typed.strip().lower() == word:
        return True
    say(f"that is not word {number}; look at the number beside it")
    return False


def _some(count: int, random: Random) -> list[int]:
    """The places of a few of the words by chance, in order."""
    marks = [random(8) for _ in range(count)]
    return sorted(sorted(range(count), key=marks.__getitem__)[:_ASKED])


def _typed(desk: Desk, envelope: str, file: Path | None) -> str:
    from coachbook.private import explained

    if file is not None:
        with explained(file):
            data = file.read_bytes()
        say(f"{file} opens everything that is sealed to the envelope: delete it when you are done")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"{file} is not plain text", hint="save it as UTF-8") from error
    if not is_at_terminal():
        raise UsageError(
            f"the words of {envelope_name(desk, envelope)} are needed",
            hint="run this at a terminal, or give --words-file",
        )
    asked: str = click.prompt(
        "The twelve words from the envelope, in their order", hide_input=True, err=True
    )
    return asked
