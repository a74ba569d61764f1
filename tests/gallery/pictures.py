"""Pictures of private pages as people see them: light, dark, on a phone, on paper."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Tried

_OPENED = """async () => {
    for (const part of document.querySelectorAll('[data-sealed], [data-reduce]')) {
        part.scrollIntoView();
        await new Promise(done => setTimeout(done, 15));
    }
    scrollTo(0, 0);
}"""
_SHOWN = """() => document.querySelector('#content h1')
    && !document.querySelector('#content > .opening')"""
_ALL_THERE = """() => !document.querySelector('#content .opening')
    && [...document.querySelectorAll('[data-sealed]')].every(part => part.textContent.trim())"""
_TIMEOUT = 30_000


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which a page is looked at."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"


LOOKS = (
    Look("light", 1280, 900),
    Look("dark", 1280, 900, scheme="dark"),
    Look("phone", 390, 844),
    Look("print", 720, 1020, media="print"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was taken: whose, of which page, in which look."""

    role: str
    path: str
    look: str
    file: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody in a role, and the pages that are to be photographed as they see them."""

    role: str
    who: Tried
    paths: tuple[str, ...]


def photograph(
    browser: Browser, url: str, visits: Iterable[Visit], folder: Path
) -> Iterator[Picture]:
    """Takes pictures of the gate, then of the pages of each visit."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page.goto(f"{url}/portal/index.html")
    page.wait_for_selector("body[data-state=locked]")
    yield from _looks(page, "gate", "gate", folder)
    for visit in visits:
        _unlock(page, url, visit.who)
        for path in visit.paths:
            _go(page, path)
            yield from _looks(page, visit.role, path, folder)
    page.close()


def contact_sheet(pictures: Iterable[Picture]) -> str:
    """All pictures on one page, those of one page side by side."""
    rows: dict[tuple[str, str], list[Picture]] = {}
    for one in pictures:
        rows.setdefault((one.role, one.path), []).append(one)
    parts = [
        f"<h2>{escape(role)} · {escape(path)}</h2><p>{''.join(map(_image, row))}</p>"
        for (role, path), row in rows.items()
    ]
    return (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Gallery</title>'
        "<style>body{font-family:system-ui;margin:2rem}p{display:flex;gap:1rem;align-items:start}"
        "img{width:22vw;border:1px solid #999}</style>"
        f"<h1>Every page for every audience</h1>{''.join(parts)}\n"
    )


def _image(one: Picture) -> str:
    file, look = escape(one.file), escape(one.look)
    return f'<a href="{file}"><img src="{file}" alt="{look}" loading="lazy"></a>'


def _looks(page: Page, role: str, path: str, folder: Path) -> Iterator[Picture]:
    for look in LOOKS:
        page.set_viewport_size({"width": look.width, "height": look.height})
        page.emulate_media(media=look.media, color_scheme=look.scheme, reduced_motion="reduce")
        file = folder / role.replace("@", "-at-") / f"{path.replace('/', '-')}.{look.name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, full_page=True)
        yield Picture(role, path, look.name, file.relative_to(folder).as_posix())
    page.set_viewport_size({"width": LOOKS[0].width, "height": LOOKS[0].height})
    page.emulate_media(media="screen", color_scheme="light")


def _unlock(page: Page, url: str, who: Tried) -> None:
    page.goto("about:blank")
    page.goto(f"{url}/portal/index.html")
    page.get_by_label("Person").fill(who.person)
    page.get_by_label("Passphrase", exact=True).fill(who.passphrase)
    page.get_by_role("button", name="Unlock").click()
    page.wait_for_selector("#content h1", timeout=_TIMEOUT)


def _go(page: Page, path: str) -> None:
    page.evaluate("path => { location.hash = `#/${path}`; }", path)
    page.wait_for_function(_SHOWN, timeout=_TIMEOUT)
    page.evaluate(_OPENED)
    page.wait_for_function(_ALL_THERE, timeout=_TIMEOUT)
