"""What coachbook writes, three other implementations open, and the reverse."""

from __future__ import annotations

import base64
import os
import pty
import select
import subprocess
from typing import TYPE_CHECKING, Any

import pyrage
import pytest

from coachbook.age import (
    ScryptIdentity,
    ScryptRecipient,
    Stanza,
    X25519Identity,
    armor,
    dearmor,
    decrypt,
    encrypt,
)

IDENTITIES = [X25519Identity.generate() for _ in range(3)]
RECIPIENTS = [identity.recipient() for identity in IDENTITIES]
LINES = [recipient.format() for recipient in RECIPIENTS]
READERS = Stanza(
    "coachbook/readers",
    tuple(f"p-000000{i}:{recipient.fingerprint()}" for i, recipient in enumerate(RECIPIENTS)),
)
PASSPHRASE = "quince lantern otter gravel mint sail"  # noqa: S105 - protects nothing
LOG_N = 10

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Typage = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]

plaintexts = pytest.mark.parametrize(
    "plaintext",
    [b"", b"x", "Wait three seconds 🙂 é é".encode(), bytes(65536), os.urandom(1 << 20)],
    ids=["empty", "one byte", "emoji, NFC and NFD", "one full chunk", "1 MiB"],
)
armored = pytest.mark.parametrize("form", ["binary", "armored"])


def b64(data: bytes) -> str:
    """Bytes as JSON can carry them."""
    return base64.b64encode(data).decode()


def age(*arguments: str, stdin: bytes = b"") -> bytes:
    """Runs Debian's age; a machine without it fails here."""
    return subprocess.run(["age", *arguments], input=stdin, capture_output=True, check=True).stdout


def age_with_passphrase(*arguments: str, folder: Path) -> None:
    """Runs Debian's age at a terminal of its own, where it asks for the passphrase."""
    ours, theirs = pty.openpty()
    # A shell that leads its session and opens a terminal gets that terminal as its own.
    command = ["sh", "-c", 'exec age "$@" <"$0"', os.ttyname(theirs), *arguments]
    with subprocess.Popen(
        command, cwd=folder, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        said = answer_prompts(ours)
        os.close(ours)
        process.kill()  # does nothing to one that has ended, as it has unless it hangs
    assert process.returncode == 0, said.decode()


def answer_prompts(terminal: int) -> bytes:
    """Types the passphrase as often as it is asked for, until the terminal ends."""
    said, answered = b"", 0
    while select.select([terminal], [], [], 30)[0]:
        try:
            said += os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end was closed
            break
        if said.count(b"assphrase") > answered:
            answered = said.count(b"assphrase")
            os.write(terminal, PASSPHRASE.encode() + b"\n")
    return said


@pytest.fixture
def identity_file(tmp_path: Path) -> str:
    """The third reader's key in a file, as the age command wants it."""
    path = tmp_path / "key.txt"
    path.write_text(IDENTITIES[2].reveal_private_key() + "\n")
    return str(path)


@plaintexts
def test_pyrage_opens_ours(plaintext: bytes) -> None:
    """The library pyrage opens a file that coachbook wrote, for each of its readers."""
    file = encrypt(plaintext, RECIPIENTS, extra=[READERS])

    for identity in IDENTITIES:
        key = pyrage.x25519.Identity.from_str(identity.reveal_private_key())
        assert plaintext == pyrage.decrypt(file, [key])


@plaintexts
def test_we_open_pyrages(plaintext: bytes) -> None:
    """Coachbook opens a file that pyrage wrote, for each of its readers."""
    file = pyrage.encrypt(plaintext, [pyrage.x25519.Recipient.from_str(line) for line in LINES])

    for identity in IDENTITIES:
        assert plaintext == decrypt(file, [identity])


def test_pyrage_opens_our_passphrase() -> None:
    """The library pyrage opens a file that coachbook protected by a passphrase."""
    file = encrypt(b"an identity", [ScryptRecipient(PASSPHRASE, log_n=LOG_N)])

    assert pyrage.passphrase.decrypt(file, PASSPHRASE) == b"an identity"


@armored
@plaintexts
def test_the_age_command_opens_ours(plaintext: bytes, form: str, identity_file: str) -> None:
    """The stock age command opens a file that coachbook wrote, readers' stanza and all."""
    file = encrypt(plaintext, RECIPIENTS, extra=[READERS])

    stdin = armor(file).encode() if form == "armored" else file
    assert plaintext == age("-d", "-i", identity_file, stdin=stdin)


@armored
@plaintexts
def test_we_open_the_age_commands(plaintext: bytes, form: str) -> None:
    """Coachbook opens a file that the stock age command wrote, for each of its readers."""
    flags = [flag for line in LINES for flag in ("-r", line)]
    file = age(*flags, *["-a"] * (form == "armored"), stdin=plaintext)
    binary = dearmor(file) if form == "armored" else file

    for identity in IDENTITIES:
        assert plaintext == decrypt(binary, [identity])


def test_the_age_command_takes_our_keys(identity_file: str, tmp_path: Path) -> None:
    """The stock command derives the same public line from a private one."""
    printed = subprocess.run(
        ["age-keygen", "-y", identity_file], capture_output=True, check=True, cwd=tmp_path
    ).stdout.decode()

    assert LINES[2] == printed.strip()


def test_we_take_the_age_commands_keys() -> None:
    """Coachbook derives the same public line from a private one that age-keygen made."""
    made = subprocess.run(["age-keygen"], capture_output=True, check=True).stdout.decode()
    public, private = made.splitlines()[1:]

    assert public == f"# public key: {X25519Identity.parse(private).recipient()}"


def test_the_age_command_opens_with_our_protected_key(tmp_path: Path) -> None:
    """A key file that coachbook protected by a passphrase works in the stock command."""
    key = IDENTITIES[0].reveal_private_key().encode() + b"\n"
    protected = armor(encrypt(key, [ScryptRecipient(PASSPHRASE, log_n=LOG_N)]))
    (tmp_path / "wren.age").write_text(protected)
    (tmp_path / "note.age").write_bytes(encrypt(b"a note", RECIPIENTS, extra=[READERS]))

    age_with_passphrase("-d", "-i", "wren.age", "-o", "note", "note.age", folder=tmp_path)

    assert (tmp_path / "note").read_bytes() == b"a note"


def test_we_open_what_the_age_command_protected(tmp_path: Path) -> None:
    """A file that the stock command protected by a passphrase opens here."""
    (tmp_path / "key.txt").write_bytes(b"an identity")

    age_with_passphrase("-p", "-a", "-o", "key.age", "key.txt", folder=tmp_path)

    file = dearmor((tmp_path / "key.age").read_bytes())
    assert decrypt(file, [ScryptIdentity(PASSPHRASE)]) == b"an identity"


@plaintexts
def test_age_encryption_opens_ours(plaintext: bytes, typage: Typage) -> None:
    """The library age-encryption, which the portal uses, opens a file that coachbook wrote."""
    file = b64(encrypt(plaintext, RECIPIENTS, extra=[READERS]))

    opened = typage(
        [
            {"do": "decrypt", "file": file, "identities": [identity.reveal_private_key()]}
            for identity in IDENTITIES
        ]
    )
    assert opened == [{"plaintext": b64(plaintext)}] * len(IDENTITIES)


@plaintexts
def test_we_open_age_encryptions(plaintext: bytes, typage: Typage) -> None:
    """Coachbook opens a file that npm age-encryption wrote, for each of its readers."""
    [made] = typage([{"do": "encrypt", "plaintext": b64(plaintext), "recipients": LINES}])

    for identity in IDENTITIES:
        assert plaintext == decrypt(base64.b64decode(made["file"]), [identity])


def test_age_encryption_and_we_agree_on_passphrases(typage: Typage) -> None:
    """A file protected by a passphrase opens in npm age-encryption, and the reverse."""
    ours = encrypt(b"an identity", [ScryptRecipient(PASSPHRASE, log_n=LOG_N)])
    opened, made = typage(
        [
            {"do": "decrypt", "file": b64(ours), "identities": [], "passphrase": PASSPHRASE},
            {
                "do": "encrypt",
                "plaintext": b64(b"an identity"),
                "recipients": [],
                "passphrase": PASSPHRASE,
                "workFactor": LOG_N,
            },
        ]
    )

    assert opened == {"plaintext": b64(b"an identity")}
    file = base64.b64decode(made["file"])
    assert decrypt(file, [ScryptIdentity(PASSPHRASE)]) == b"an identity"


def test_all_three_refuse_an_altered_readers_stanza(
    typage: Typage, tmp_path: Path, identity_file: str
) -> None:
    """A reader's id changed in the clear header makes every implementation refuse the file."""
    file = encrypt(b"a note", RECIPIENTS, extra=[READERS]).replace(b"p-0000001:", b"p-0000009:")
    key = IDENTITIES[2].reveal_private_key()
    (tmp_path / "note.age").write_bytes(file)

    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(file, [pyrage.x25519.Identity.from_str(key)])
    with pytest.raises(subprocess.CalledProcessError):
        age("-d", "-i", identity_file, str(tmp_path / "note.age"))
    [refused] = typage([{"do": "decrypt", "file": b64(file), "identities": [key]}])
    assert set(refused) == {"error"}
