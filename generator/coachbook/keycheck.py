"""What is wrong with a keyring in its workspace: borrowed, missing or misdirected keys."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING

from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.keyring import Keyring, key_finding
from coachbook.people import is_envelope
from coachbook.publickey import is_role, private_key_path
from coachbook.readers import stated_readers
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_DEMONSTRATION = "_demonstration.txt"
_DEMONSTRATION_HEAD = "# Keys of the example trust, whose passphrases are public.\n"


def demonstration_findings(
    keyring: Keyring, *, demonstration: bool, known: frozenset[str]
) -> tuple[Diagnostic, ...]:
    """CB601 for each key whose passphrase everyone knows.

    Args:
        demonstration: whether the trust says that it is one.
        known: fingerprints; `demonstration_fingerprints()` outside tests.
    """
    if demonstration:
        return ()
    return tuple(
        key_finding(
            "CB601",
            key.path,
            f"this key of {key.owner} belongs to the demonstration, so anyone can open it",
            f"delete the file and run: {making(key.owner)}",
            Span(4),
            school_of(key.owner),
        )
        for key in keyring.all()
        if key.fingerprint in known
    )


def missing_key_findings(
    keyring: Keyring, needed: Mapping[str, tuple[str, Span]]
) -> tuple[Diagnostic, ...]:
    """CB602 for each reader whom a policy names and who has no key.

    Only a warning: a new school has no keys yet, and sealing refuses on its own
    whatever one of its readers could not open.

    Args:
        needed: reader -> path and place where the policy names them.
    """
    return tuple(
        replace(
            key_finding(
                "CB602",
                path,
                f"{owner} may read what is sealed and has no key",
                f"run: {making(owner)}",
                span,
                school_of(owner),
            ),
            severity=Severity.WARNING,
            consequence=Consequence.LISTED,
        )
        for owner, (path, span) in sorted(needed.items())
        if keyring.current(owner) is None
    )


@frozen
class HolderFault:
    """How the key of a role is sealed wrongly; `person` is whom another holder can give it to."""

    message: str
    person: str = ""


def role_holder_findings(
    keyring: Keyring, holders: Mapping[str, Collection[str]]
) -> tuple[Diagnostic, ...]:
    """CB603 where a role's private key is sealed to others than those who hold the role.

    Args:
        holders: role with its school -> the people who hold it today.
    """
    return tuple(
        key_finding(
            "CB603",
            private_key_path(role, keyring.keys[role][0].generation),
            f"the key of {role}: {fault.message}",
            f"{'let a holder run' if fault.person else 'run'}: coachbook keys "
            + (f"grant {role} {fault.person}" if fault.person else f"new --role {role}"),
            Span(1),
            school_of(role),
        )
        for role, armor in keyring.sealed_roles.items()
        for fault in holder_faults(keyring, dict(stated_readers(armor)), holders.get(role, ()))
    )


def holder_faults(
    keyring: Keyring, stated: Mapping[str, str], holders: Collection[str]
) -> Iterator[HolderFault]:
    """How those whom a role's key is sealed to differ from those who hold the role."""
    able = any(
        stated.get(one) == key.fingerprint for one in holders if (key := keyring.current(one))
    )
    for person in sorted(stated.keys() | set(holders)):
        key = keyring.current(person)
        if person not in holders:
            yield HolderFault(f"{person} can open it and does not hold the role")
        elif key and person not in stated:
            yield HolderFault(f"{person} holds the role and cannot open it", person if able else "")
        elif key and stated[person] != key.fingerprint:
            yield HolderFault(
                f"{person} has a newer key than the one it is sealed to", person if able else ""
            )


def stranger_findings(keyring: Keyring, people: Collection[str]) -> tuple[Diagnostic, ...]:
    """CB602 for each key of a person who is not among the people.

    Only a warning: nothing is sealed to a key that no record leads to, and the key of
    somebody who left may have to stay for what was sealed to them.
    """
    return tuple(
        replace(
            key_finding(
                "CB602",
                keys[0].path,
                f"there is a key of {owner} and no person of that id",
                "find out in the history of the file who put it there; if nobody knows, delete it",
                Span(2),
            ),
            severity=Severity.WARNING,
            consequence=Consequence.LISTED,
        )
        for owner, keys in keyring.keys.items()
        if not is_role(owner) and owner not in people
    )


def school_of(owner: str) -> str:
    """The school of a role; a person belongs to no one school here."""
    return owner.partition("@")[2]


def demonstration_fingerprints() -> frozenset[str]:
    """The fingerprints of the example trust's keys."""
    text = resources.files("coachbook").joinpath(_DEMONSTRATION).read_text(encoding="ascii")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def format_demonstration(keyring: Keyring) -> str:
    """The data file behind `demonstration_fingerprints`, from the example trust's keyring."""
    lines = sorted(f"{key.fingerprint}\n" for key in keyring.all())
    return _DEMONSTRATION_HEAD + "".join(lines)


def making(owner: str) -> str:
    """The command that makes a key of a person, a role or the envelope of a school."""
    if is_envelope(owner):
        return f"coachbook keys recovery new {school_of(owner)}"
    return f"coachbook keys new {_argument(owner)}"


def _argument(owner: str) -> str:
    return f"--role {owner}" if is_role(owner) else owner
