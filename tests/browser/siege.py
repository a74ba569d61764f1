"""A browser that watches what attacks do: what runs, what it says, what it asks the network for.

The attacker's host is led to a port of this machine, so that a connection is noticed even where
no request is shown, as when a browser prepares one ahead.
"""

from __future__ import annotations

import re
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.attacks.payloads import HOST, payloads
from tests.browser.conftest import DESKTOP, ROOT, Desk, launched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Frame, Page

_SHELL = ROOT / "site_templates" / "portal" / "index.html"
_WATCH = """
    globalThis.harm = () => {
        console.error('harmed: ' + (new Error().stack ?? ''));
        top.timesHarmed = (top.timesHarmed ?? 0) + 1;
    };
    addEventListener('securitypolicyviolation', event =>
        console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
    addEventListener('submit', event => {
        if (event.target !== document.getElementById('unlock')) console.error('submitted');
    });
"""
"""`harm` is what payloads call; the one form there is sends nothing."""

_FOREIGN = """
    ([root, tags, attributes, allowed]) => {
        const links = new RegExp(allowed);
        const wrong = [];
        let near = '';
        const walker = document.createTreeWalker(document.querySelector(root), 5);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
            if (node.nodeType === Node.TEXT_NODE) {
                near = /Before (\\d+)\\./.exec(node.data)?.[1] ?? near;
                continue;
            }
            const tag = node.tagName.toLowerCase();
            if (!tags.includes(tag)) wrong.push([near, tag]);
            for (const {name, value} of node.attributes) {
                const isKnown = attributes.some(one => one === name || name.startsWith(one + '-'));
                if (!isKnown || (name === 'href' && !links.test(value))) {
                    wrong.push([near, `${tag} ${name}=${value}`]);
                }
            }
            if (node.target && !/noopener.*noreferrer/.test(node.rel)) {
                wrong.push([near, tag + ' that keeps its opener']);
            }
        }
        return wrong;
    }
"""

_CLOBBERED = """
    own => {
        const twice = own.filter(id => document.querySelectorAll('#' + id).length > 1
            || (document.getElementById(id)?.closest('#content *') ?? null) !== null);
        const strange = '#content [name], #content form:not(.find-form)';
        const named = [...document.querySelectorAll(strange)];
        const objects = {
            cookie: typeof document.cookie === 'string',
            body: document.body instanceof HTMLBodyElement,
            finder: typeof document.getElementById === 'function',
            maker: typeof document.createElement === 'function',
            location: window.location instanceof Location,
            storage: window.localStorage instanceof Storage,
            crypto: typeof crypto.getRandomValues === 'function',
            prototype: ({}).polluted === undefined,
        };
        const taken = Object.keys(objects).filter(name => !objects[name]);
        return [...twice, ...named.map(one => one.outerHTML), ...taken];
    }
"""

PORTAL_IDS = tuple(re.findall(r'\sid="([^"]+)"', _SHELL.read_text(encoding="utf-8")))
"""Every name by which the portal's script looks something up."""


LINKS = r"^(?:https://|mailto:|#|\.{1,2}/)"
"""Where a link of the portal may lead."""


@dataclass
class Watched:
    """A page under attack, and everything that attacks made it do."""

    desk: Desk
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The page itself."""
        return self.desk.page

    def require_calm(self) -> None:
        """Fails if anything ran, complained, asked, opened another window or went elsewhere."""
        assert self.said == []
        assert self.asked == []
        assert len(self.page.context.pages) == 1
        assert len(self.page.frames) == 1

    def require_known(
        self, root: str, tags: Iterable[str], attributes: Iterable[str], *, links: str = LINKS
    ) -> None:
        """Fails, with the payload's name, if anything else stands under an element."""
        found = self.page.evaluate(_FOREIGN, [root, [*tags], [*attributes], links])
        assert [(_name_of(number), what) for number, what in found] == []

    def require_own(self, ids: Iterable[str]) -> None:
        """Fails if something has taken the place of what a script looks up by its name."""
        assert self.page.evaluate(_CLOBBERED, [*ids]) == []


@dataclass
class Besieger:
    """The browser, and the connections that came to the attacker's host."""

    browser: Browser
    connections: list[bytes]

    @contextmanager
    def watching(self, url: str, **options: object) -> Iterator[Watched]:
        """A new profile, which belongs to an address."""
        context = self.browser.new_context(
            **{"viewport": DESKTOP, "locale": "en-GB", "accept_downloads": True, **options}  # type: ignore[arg-type]
        )
        context.add_init_script(_WATCH)
        one = Watched(Desk(context.new_page(), url, []))
        _watch(context, one)
        yield one
        context.close()


@contextmanager
def besieger(chromium: Browser) -> Iterator[Besieger]:
    """Another Chromium, in which the attacker's host is a port that counts connections."""
    connections: list[bytes] = []

    class Noticing(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connections.append(b"somebody came")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Noticing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = f"127.0.0.1:{server.server_address[1]}"
        rules = f"--host-resolver-rules=MAP {HOST} {place}, MAP *.{HOST} {place}"
        browser = launched(chromium.browser_type, rules)
        yield Besieger(browser, connections)
        browser.close()
        server.shutdown()


def _watch(context: BrowserContext, one: Watched) -> None:
    page, url = one.page, one.desk.url

    def went(frame: Frame) -> None:
        if not frame.url.startswith((url, "about:")):
            one.said.append(f"went to {frame.url}")

    page.on("console", lambda message: one.said.append(message.text))
    page.on("pageerror", lambda error: one.said.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (one.said.append("a dialog"), dialog.dismiss()))
    page.on("websocket", lambda socket: one.asked.append(socket.url))
    page.on("framenavigated", went)
    context.on("request", lambda request: one.asked.extend(_foreign(request.url, url)))


def _foreign(asked: str, url: str) -> list[str]:
    return [] if asked.startswith((url, "data:", "blob:")) else [asked]


def _name_of(number: str) -> str:
    return payloads()[int(number)].name if number else "before any payload"
