"""What a host sends along with a page, and what would be better: for whoever runs the host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FRAME_ANCESTORS = re.compile(r"(?:^|;)\s*frame-ancestors\s+'(?:none|self)'\s*(?:;|$)")
_FRESH = re.compile(r"no-store|no-cache|max-age=0\b")


@frozen
class Remark:
    """A header, whether it is as it should be, and in words what it does or what is missing."""

    header: str
    is_good: bool
    words: str


def remarks(headers: Mapping[str, str]) -> tuple[Remark, ...]:
    """One remark for each header that matters; `headers` has names in small letters."""
    return tuple(
        Remark(name, good, words if good else advice)
        for name, is_good, words, advice in _WANTED
        for good in (is_good(headers),)
    )


def _keeps_out_of_frames(headers: Mapping[str, str]) -> bool:
    policy = headers.get("content-security-policy", "").lower()
    options = headers.get("x-frame-options", "").strip().lower()
    return bool(_FRAME_ANCESTORS.search(policy)) or options in {"deny", "sameorigin"}


def _is_fresh(headers: Mapping[str, str]) -> bool:
    return bool(_FRESH.search(headers.get("cache-control", "").lower()))


_WANTED: tuple[tuple[str, Callable[[Mapping[str, str]], bool], str, str], ...] = (
    (
        "X-Frame-Options",
        _keeps_out_of_frames,
        "no other site can show the page inside its own",
        "send DENY, so that no other site can show the page inside its own",
    ),
    (
        "X-Content-Type-Options",
        lambda headers: headers.get("x-content-type-options", "").strip().lower() == "nosniff",
        "a file is taken for nothing but what it is sent as",
        "send nosniff, so that a file is taken for nothing but what it is sent as",
    ),
    (
        "Strict-Transport-Security",
        lambda headers: "max-age=" in headers.get("strict-transport-security", "").lower(),
        "browsers that have been here come back over https only",
        "send max-age=31536000, so that browsers that have been here come back over https only",
    ),
    (
        "Cache-Control",
        _is_fresh,
        "a browser asks for the page anew",
        "send no-cache with the page, so that nobody works on with one from before a change",
    ),
    (
        "Access-Control-Allow-Origin",
        lambda headers: "access-control-allow-origin" not in headers,
        "no other site is let read the files",
        "take it away: it lets other sites read the files of the portal",
    ),
)
"""Header, whether it is good, what it does, what to do otherwise."""
