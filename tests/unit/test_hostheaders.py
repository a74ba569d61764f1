"""What a host sends along with a page."""

from __future__ import annotations

import pytest

from coachbook.hostheaders import remarks

GOOD = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "cache-control": "no-cache",
}


def missing(headers: dict[str, str]) -> list[str]:
    """The headers that should be otherwise."""
    return [one.header for one in remarks(headers) if not one.is_good]


def test_a_host_that_sends_what_it_should() -> None:
    """A host that protects its readers in every way is told that each of them is good."""
    assert missing(GOOD) == []
    assert all(one.words for one in remarks(GOOD))


def test_a_host_that_sends_nothing() -> None:
    """Only that other sites may not read the files holds without a header."""
    assert missing({}) == [
        "X-Frame-Options",
        "X-Content-Type-Options",
        "Strict-Transport-Security",
        "Cache-Control",
    ]


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("content-security-policy", "frame-ancestors 'none'", True),
        ("content-security-policy", "default-src 'self'; frame-ancestors 'self';", True),
        ("content-security-policy", "frame-ancestors *", False),
        ("content-security-policy", "frame-ancestors 'self' https://other.example", False),
        ("x-frame-options", "sameorigin", True),
        ("x-frame-options", "ALLOW-FROM https://other.example", False),
    ],
)
def test_who_may_show_the_page(name: str, value: str, good: bool) -> None:  # noqa: FBT001
    """Another site can be kept from showing the page in two ways; one that lets some in is none."""
    headers = {key: text for key, text in GOOD.items() if key != "x-frame-options"} | {name: value}

    assert ("X-Frame-Options" not in missing(headers)) == good


@pytest.mark.parametrize("value", ["max-age=600", "public", ""])
def test_a_page_that_may_be_kept(value: str) -> None:
    """A page that a browser may keep without asking is remarked on."""
    assert missing(GOOD | {"cache-control": value}) == ["Cache-Control"]


def test_files_that_other_sites_may_read() -> None:
    """A host that lets other sites read the files is asked to stop."""
    assert missing(GOOD | {"access-control-allow-origin": "*"}) == ["Access-Control-Allow-Origin"]
