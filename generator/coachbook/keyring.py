"""All public keys of a workspace, with the private ones in their protected form.

The keyring can open none of them: a person's private key lies under a passphrase, a role's is
sealed to those who hold the role. The highest generation of an owner's keys is the current
one; earlier ones stay, because what was sealed to them stays.
"""

from __future__ import annotations

from dataclasses import field, replace
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.age import dearmor, read_header
from coachbook.age.format import SCRYPT
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.errors import AgeError, DamagedError, KeyringError
from coachbook.linemerge import has_marks
from coachbook.people import is_envelope
from coachbook.publickey import (
    ONE_SIDE_HINT,
    RESTORE_HINT,
    PublicKey,
    format_public_key,
    is_role,
    parse_key_path,
    parse_public_key,
    private_key_path,
    public_key_path,
)
from coachbook.readers import stated_readers
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "Keyring",
    "PublicKey",
    "format_public_key",
    "key_finding",
    "load_keyring",
    "parse_public_key",
    "require_protected",
]

_LONGEST_FILE = 64 * 1024
_TOP = Span(1)


@frozen
class Keyring:
    """Keys by their owner, a person's id or a role such as `monitor@otterbeck`."""

    keys: Mapping[str, tuple[PublicKey, ...]] = field(default_factory=dict)
    """By owner, the current generation first."""
    sealed_roles: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Role -> its current private key, sealed to those who hold the role."""
    protected: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Person -> their private key under a passphrase, where the policy publishes it."""
    earlier_roles: Mapping[str, tuple[tuple[PublicKey, str], ...]] = field(
        default_factory=dict, repr=False
    )
    """Role -> its earlier keys with their sealed private halves, newest first."""

    def current(self, owner: str) -> PublicKey | None:
        """The key that new sections are sealed to, or None."""
        generations = self.keys.get(owner, ())
        return generations[0] if generations else None

    def by_fingerprint(self, fingerprint: str) -> PublicKey | None:
        """The key with this fingerprint, of any generation, or None."""
        return next((key for key in self.all() if key.fingerprint == fingerprint), None)

    def all(self) -> Iterator[PublicKey]:
        """Every key, by owner."""
        return (key for generations in self.keys.values() for key in generations)


def load_keyring(files: Mapping[str, bytes]) -> tuple[Keyring, tuple[Diagnostic, ...]]:
    """The keyring in the files of `records/keys`, and what is wrong there (CB603, CB604)."""
    keys: list[PublicKey] = []
    private: dict[str, str] = {}
    findings: list[Diagnostic] = []
    for path, data in sorted(files.items()):
        try:
            parse_key_path(path)
            text = _text(data)
            _require_one(text)
            if path.endswith(".pub"):
                keys.append(parse_public_key(path, text))
            else:
                require_protected(path, text)
                private[path] = text
        except KeyringError as error:
            found = key_finding("CB603", path, error.message, error.hint)
            findings.append(replace(found, quotable=False))  # it may hold a private key
    keyring = _keyring(keys, private)
    findings += [*_misfiled(keyring), *_unpaired(keyring, private), *_shared(keyring)]
    return keyring, tuple(sorted(findings, key=lambda finding: finding.sort_key))


def key_finding(
    code: str, path: str, message: str, hint: str, span: Span = _TOP, school: str = ""
) -> Diagnostic:
    """A fault of keys: nothing of the school is published while it stands."""
    return Diagnostic(
        path=path,
        span=span,
        code=code,
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        consequence=Consequence.STOPS,
        school=school,
    )


def _require_one(text: str) -> None:
    """Raises KeyringError where a merge has left two keys in one file."""
    if has_marks(text):
        raise KeyringError("a merge left two versions of this key", hint=ONE_SIDE_HINT)


def _text(data: bytes) -> str:
    if len(data) > _LONGEST_FILE:
        raise KeyringError(f"{len(data)} bytes, far more than a key has", hint=RESTORE_HINT)
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise KeyringError(
            f"line {line} of the key is not plain ASCII", hint=RESTORE_HINT
        ) from error


def require_protected(path: str, armor: str) -> None:
    """Raises KeyringError unless the file is a private key of the kind that belongs there."""
    owner, generation = parse_key_path(path)
    if is_envelope(owner):
        raise KeyringError(
            "a private key of the sealed envelope, which belongs on paper alone",
            hint="delete the file, and find out in its history who put it there",
        )
    if is_role(owner):
        _require_readers(armor)
    elif generation is not None:
        raise KeyringError(
            "a person's private key has no generation in its name",
            hint=f"name it {private_key_path(owner, 1)}",
        )
    else:
        _require_passphrase(armor)


def _require_readers(armor: str) -> None:
    try:
        stated_readers(armor)
    except DamagedError as error:
        raise KeyringError(f"the key of a role: {error.message}", hint=RESTORE_HINT) from error


def _require_passphrase(armor: str) -> None:
    try:
        stanzas = read_header(dearmor(armor)).stanzas
    except AgeError as error:
        raise KeyringError(
            f"not a protected private key: {error.message}", hint=RESTORE_HINT
        ) from error
    if [stanza.type for stanza in stanzas] != [SCRYPT]:
        raise KeyringError("a private key without a passphrase", hint=RESTORE_HINT)


def _keyring(keys: Iterable[PublicKey], private: Mapping[str, str]) -> Keyring:
    ordered = sorted(keys, key=lambda key: (key.owner, -key.generation))
    by_owner = {owner: tuple(group) for owner, group in groupby(ordered, lambda key: key.owner)}
    paired = {
        owner: [
            (key, private[path])
            for key in generations
            if (path := private_key_path(owner, key.generation)) in private
        ]
        for owner, generations in by_owner.items()
    }
    current = {
        owner: pairs[0][1]
        for owner, pairs in paired.items()
        if pairs and pairs[0][0] is by_owner[owner][0]
    }
    return Keyring(
        MappingProxyType(by_owner),
        MappingProxyType({owner: armor for owner, armor in current.items() if is_role(owner)}),
        MappingProxyType({o: armor for o, armor in current.items() if not is_role(o)}),
        MappingProxyType(
            {
                owner: tuple(pair for pair in pairs if pair[0] is not by_owner[owner][0])
                for owner, pairs in paired.items()
                if is_role(owner)
            }
        ),
    )


def _misfiled(keyring: Keyring) -> Iterator[Diagnostic]:
    """Where the file that should hold the current key holds another."""
    for owner, generations in keyring.keys.items():
        for number, key in enumerate(generations):
            right = public_key_path(owner, key.generation, current=number == 0)
            if key.path != right:
                yield key_finding(
                    "CB603",
                    key.path,
                    f"generation {key.generation} of the key of {owner} lies in the wrong file",
                    f"it belongs in {right}",
                    Span(3),
                )


def _unpaired(keyring: Keyring, private: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Private keys without their public line, and roles' public lines that nobody can use."""
    paired = set()
    for key in keyring.all():
        path = private_key_path(key.owner, key.generation)
        paired.add(path)
        if is_role(key.owner) and not is_envelope(key.owner) and path not in private:
            yield key_finding(
                "CB603",
                key.path,
                f"the private key of {key.owner} is missing, so nobody could open what it reads",
                f"restore {path}, or run: coachbook keys new --role {key.owner}",
            )
    for path in sorted(private.keys() - paired):
        yield key_finding("CB603", path, "a private key without its public line", RESTORE_HINT)


def _shared(keyring: Keyring) -> Iterator[Diagnostic]:
    owners: dict[str, PublicKey] = {}
    for key in keyring.all():
        first = owners.setdefault(key.fingerprint, key)
        if first is not key:
            yield key_finding(
                "CB604",
                key.path,
                f"{key.owner} has the same key as {first.owner}, generation {first.generation}",
                "one of them could read what is sealed to the other; make a new key for one",
                Span(4),
            )
