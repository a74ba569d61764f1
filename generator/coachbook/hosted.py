"""A hosted copy of a site, file by file: in a folder, or at an address.

Nothing is written, no script is run, and no file is believed to be what it is called. A
redirect is followed only where it stays on the same host, so that what is sent along, such as
the cookie of a sign-in, goes nowhere else. A page that comes from another folder is none of the
copy's: what it loads comes from there too.
"""

from __future__ import annotations

import gzip
import http.client
import io
import ssl
import urllib.error
import urllib.parse
import urllib.request
import zlib
from dataclasses import field
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from coachbook.errors import InputError, UsageError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message
    from pathlib import Path

LARGEST = 64 << 20
_LOCAL = ("localhost", "127.0.0.1", "::1")
_SIGN_IN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED)
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_REDIRECTS = 5


class UnreachableError(InputError):
    """A host that gives no answer, or none that says anything about a file."""


@frozen
class Answer:
    """What came for a name: the file, or why there is none; and what was sent along with it."""

    data: bytes | None
    trouble: str = ""
    needs_sign_in: bool = False
    leads_away: bool = False
    """True where a browser would be given something else, from somewhere else."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in small letters; empty for a folder."""

    def __repr__(self) -> str:
        """Shows how much came, and not what: headers may hold a cookie."""
        return f"Answer({'nothing' if self.data is None else len(self.data)}, {self.trouble!r})"


class Copy(Protocol):
    """A hosted copy."""

    def fetch(self, name: str, question: str = "") -> Answer:
        """What is there under a name; raises UnreachableError where nobody answers.

        Args:
            question: what a browser puts behind the name, after a question mark.
        """

    def names(self) -> frozenset[str] | None:
        """Everything that is there; None where that cannot be asked."""


@frozen
class FolderCopy:
    """A copy in a folder, such as a synced one."""

    root: Path

    def fetch(self, name: str, question: str = "") -> Answer:
        """The bytes of a file that lies in the folder and is no link; a folder is asked nothing."""
        del question
        path = self.root / name
        if path.is_symlink() or not path.resolve().is_relative_to(self.root.resolve()):
            return Answer(None, "is a link")
        if not path.is_file():
            return Answer(None, "is missing")
        return Answer(path.read_bytes())

    def names(self) -> frozenset[str]:
        """Every file below the folder."""
        found = (path for path in self.root.rglob("*") if not path.is_dir() or path.is_symlink())
        return frozenset(path.relative_to(self.root).as_posix() for path in found)


@frozen
class AddressCopy:
    """A copy on a web server. `base` ends in a slash; `extra` are headers such as a cookie."""

    base: str
    timeout: float
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    def fetch(self, name: str, question: str = "") -> Answer:
        """What the host gives for a name, asked once more where the first try comes to nothing."""
        try:
            return self._ask(name, question)
        except UnreachableError:
            return self._ask(name, question)

    def names(self) -> None:
        """A web server does not say what it has."""

    def _ask(self, name: str, question: str) -> Answer:
        place = urllib.parse.quote(name) + (f"?{urllib.parse.quote(question)}" if question else "")
        address = urllib.parse.urljoin(self.base, place)
        opener = urllib.request.build_opener(_SameHostOnly)
        try:
            with opener.open(self._request(address), timeout=self.timeout) as response:
                return _file(name, address, response)
        except urllib.error.HTTPError as error:
            with error:
                return _refusal(error, address)
        except (OSError, http.client.HTTPException, zlib.error, EOFError, ValueError) as error:
            raise _unreachable(address, error, self.timeout) from error

    def _request(self, address: str) -> urllib.request.Request:
        asks = {
            "User-Agent": "Mozilla/5.0",
            "Accept-Encoding": "identity, gzip;q=0.5",
            "Cache-Control": "no-cache",
        }
        return urllib.request.Request(address, headers=asks | dict(self.extra))  # noqa: S310 (http or https, see parse_address)


def parse_address(text: str) -> str:
    """The folder that an address names, ending in a slash.

    Raises UsageError where it is none, or where whoever is on the way could change what comes.
    """
    try:
        parts = urllib.parse.urlsplit(text)
    except ValueError as error:
        raise _no_address(text) from error
    if parts.username is not None:
        raise UsageError(
            "an address with a password in it is kept by the terminal's history",
            hint="write the header into a file of your own, and name it with --headers",
        )
    if not parts.hostname:
        raise _no_address(text)
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise UsageError(
            f"{parts.hostname} is asked over http, where anybody on the way can change the answer",
            hint="name the address that begins with https; the portal refuses the other one too",
        )
    path = parts.path.removesuffix("index.html")
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, f"{path.rstrip('/')}/", "", ""))


def _no_address(text: str) -> UsageError:
    return UsageError(f"{text} is no address", hint="write it as https://HOST/portal/")


def parse_headers(text: str) -> Mapping[str, str]:
    """The lines `Name: value` of a file, to send along; raises InputError, which quotes nothing."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, value = line.partition(":")
        if line.strip() and not line.startswith("#"):
            if not (colon and name.strip() and value.strip() and line.isascii()):
                raise InputError(
                    f"line {number} of the headers is none",
                    hint="write one header a line, such as Cookie: NAME=VALUE",
                )
            found[name.strip()] = value.strip()
    return found


class _SameHostOnly(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to the same host; any other one is an answer of its own."""

    max_redirections = _REDIRECTS

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        if _origin(newurl) != _origin(req.full_url):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _origin(address: str) -> tuple[str, str]:
    parts = urllib.parse.urlsplit(address)
    return parts.scheme, parts.netloc


def _file(name: str, address: str, response: http.client.HTTPResponse) -> Answer:
    """What came, unless it leads a browser elsewhere, to be given something else there."""
    headers, came_from = _lowered(response.headers), response.geturl()
    if name.endswith((".html", "/")) or not name:
        if _folder(came_from) != _folder(address):
            trouble = f"leads to another folder, {_folder(came_from)}"
            return Answer(None, trouble, leads_away=True)
        if "refresh" in headers:
            trouble = "is sent with a header that leads to another page"
            return Answer(None, trouble, leads_away=True)
    return Answer(_body(response), headers=headers)


def _folder(address: str) -> str:
    """Where a page lies, and so what it loads."""
    return urllib.parse.urlsplit(urllib.parse.urljoin(address, ".")).path


def _refusal(error: urllib.error.HTTPError, address: str) -> Answer:
    """What an answer other than a file means."""
    if error.code in _GONE:
        return Answer(None, "is missing")
    if error.code in _SIGN_IN:
        return Answer(None, f"is refused without a sign-in ({error.code})", needs_sign_in=True)
    if location := error.headers.get("Location"):
        host = urllib.parse.urlsplit(urllib.parse.urljoin(address, location)).netloc
        trouble = f"leads to another address, {host}"
        return Answer(None, trouble, needs_sign_in=True, leads_away=True)
    raise UnreachableError(
        f"{address}: the host answers with status {error.code}",
        hint="try again later, or ask whoever runs the host",
    )


def _body(response: http.client.HTTPResponse) -> bytes:
    """What came, unpacked; one byte more than the largest file where there is still more."""
    data = response.read(LARGEST + 1)
    if len(data) < min(int(response.headers.get("Content-Length") or "0"), LARGEST):
        raise http.client.IncompleteRead(data)
    if response.headers.get("Content-Encoding", "").lower() == "gzip":
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            return packed.read(LARGEST + 1)
    return data


def _lowered(headers: Message) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _unreachable(address: str, error: Exception, timeout: float) -> UnreachableError:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    host = urllib.parse.urlsplit(address).netloc
    if isinstance(cause, ssl.SSLCertVerificationError):
        return UnreachableError(
            f"{host}: its certificate is not good: {cause.verify_message.lower()}",
            hint="type no passphrase there before IT has looked at it",
        )
    if isinstance(cause, ssl.SSLError):
        return UnreachableError(
            f"{host} does not speak https there", hint="check the address and the port"
        )
    if isinstance(cause, TimeoutError):
        return UnreachableError(
            f"{host} gave no answer within {timeout:g} seconds",
            hint="try again, or allow more: --timeout 60",
        )
    return UnreachableError(
        f"{host} cannot be reached: {_reason(cause)}",
        hint="check the address and your connection",
    )


def _reason(cause: object) -> str:
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror.lower()
    return "its answer is cut short, or is none"
