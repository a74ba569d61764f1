"""What stops an operation: message, hint, exit status.

    CoachbookError                 cannot go on; exit status 2
    ├── UsageError                 the command was asked for something impossible
    ├── InputError                 a file cannot be read or is not what it should be
    │   ├── FrontMatterError       a header that cannot be parsed, with line and column
    │   └── FormError              a form definition that cannot be used
    ├── AgeError                   an age file that cannot be opened
    │   ├── AgeHeaderError         the header is malformed or uses a form we refuse
    │   ├── AgeMacError            the header was altered
    │   ├── AgePayloadError        the body was altered or cut short
    │   ├── AgeArmorError          the armor around the file is malformed
    │   └── AgeNoMatchError        no identity opens it
    ├── SealedError                a sealed section that cannot be read or written
    │   ├── NotAReaderError        sealed, whole, and not for this key
    │   ├── WrongPassphraseError   the passphrase does not open the identity
    │   ├── DamagedError           the block was altered, cut or belongs elsewhere
    │   └── NewReaderError         a reader appears who was not there before
    ├── KeyringError               a key that is missing, malformed or forbidden here
    ├── FindingsError              findings stand in the way; exit status 1
    └── BuildError                 the site could not be built; the last good one stays

Wording: lower case, no full stop, no blame; the remedy stands in `hint`.
Neither may hold section text, passphrases or private keys.
"""

from __future__ import annotations


class CoachbookError(Exception):
    """Cannot go on: `message` says why, `hint` what to do next."""

    exit_status = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CoachbookError):
    """The command was asked for something impossible."""


class InputError(CoachbookError):
    """A file cannot be read or is not what it should be."""


class FrontMatterError(InputError):
    """A header that cannot be parsed; `line` and `column` count from 1."""

    def __init__(self, message: str, *, line: int, column: int = 1, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


class FormError(InputError):
    """A form definition that cannot be used."""


class AgeError(CoachbookError):
    """An age file that cannot be opened."""


class AgeHeaderError(AgeError):
    """The age header is malformed or uses a form that is refused."""


class AgeMacError(AgeError):
    """The age header was altered: its MAC does not match."""


class AgePayloadError(AgeError):
    """The encrypted body was altered or cut short."""


class AgeArmorError(AgeError):
    """The armor around an age file is malformed."""


class AgeNoMatchError(AgeError):
    """None of the identities opens this age file."""


class SealedError(CoachbookError):
    """A sealed section that cannot be read or written."""


class NotAReaderError(SealedError):
    """The block is whole, and it was not sealed to this key."""


class WrongPassphraseError(SealedError):
    """The passphrase does not open the protected identity."""


class DamagedError(SealedError):
    """The block was altered, cut short or belongs to another place."""


class NewReaderError(SealedError):
    """A reader or fingerprint appears who was not there before."""


class KeyringError(CoachbookError):
    """A key that is missing, malformed or forbidden here."""


class FindingsError(CoachbookError):
    """Findings stand in the way of what was asked."""

    exit_status = 1


class BuildError(CoachbookError):
    """The site could not be built; the last good one stays."""
