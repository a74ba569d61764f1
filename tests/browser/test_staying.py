"""Staying signed in on a device: opt-in, for hours, and gone when it is over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import demonstration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Desk

    MakeDesk = Callable[..., Desk]

PEOPLE = demonstration()
COACHEE, HEAD = PEOPLE["coachee@otterbeck"], PEOPLE["head@otterbeck"]
NAME = "Bryony"
BOX = "Keep me signed in on this device for 8 hours"
HOUR = 3600
KEPT_NOTHING = """async () =>
    (await indexedDB.databases()).length + localStorage.length + sessionStorage.length
        + document.cookie.length + (await caches.keys()).length === 0"""
KEPT = """() => new Promise((resolve, reject) => {
    const asked = indexedDB.open('coachbook');
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
        const all = asked.result.transaction('kept').objectStore('kept').getAll();
        all.onsuccess = () => { asked.result.close(); resolve(all.result); };
    };
})"""
KEY_IS_SECRET = f"""async () => {{
    const [one] = await ({KEPT})();
    const out = await crypto.subtle.exportKey('raw', one.key).catch(() => 'refused');
    return [one.key.extractable, out];
}}"""
UNTIL_FORGOTTEN = f"""async () => {{
    while (!(await ({KEPT_NOTHING})())) await new Promise((go) => setTimeout(go, 20));
}}"""
HEARS_LOCKS = """() => {
    const salt = document.querySelector('meta[name=coachbook-salt]').content;
    new BroadcastChannel(`coachbook ${salt}`).onmessage = ({ data }) => {
        window.heard = data === 'locked';
    };
}"""
BLOCKED = """for (const name of ['indexedDB', 'localStorage', 'sessionStorage', 'caches']) {
    Object.defineProperty(window, name, {
        get() { throw new DOMException('blocked', 'SecurityError'); } });
}"""


def stay(one: Desk) -> None:
    """Unlocks as the coachee, with the box ticked."""
    one.page.goto(f"{one.url}/portal/index.html")
    one.page.get_by_label(BOX).check()
    one.fill(COACHEE.person, COACHEE.passphrase)
    one.page.wait_for_selector("#content h1", timeout=30_000)


def another(one: Desk, hash_: str = "") -> Page:
    """The portal in one more tab."""
    page = one.page.context.new_page()
    page.goto(f"{one.url}/portal/index.html{hash_}")
    return page


def is_open(page: Page) -> bool:
    """Waits for the pages or for the question who it is; whether it is the pages."""
    page.wait_for_selector("body:is([data-state=open], [data-state=locked])")
    if page.locator("body").get_attribute("data-state") == "open":
        page.wait_for_selector("#content h1", timeout=30_000)
        return NAME in page.locator("#who").inner_text()
    return False


def wait_until_forgotten(page: Page) -> None:
    """Waits until the browser keeps nothing of the portal."""
    page.evaluate(UNTIL_FORGOTTEN)


@pytest.fixture
def kept(desk: MakeDesk) -> Desk:
    """A browser in which the coachee stays signed in."""
    one = desk()
    stay(one)
    return one


def test_pages_open_without_the_passphrase(kept: Desk) -> None:
    """Whoever ticked the box finds their pages open in the next tab, and is told until when."""
    kept.page.close()

    other = another(kept)

    assert is_open(other)
    assert "signed in here until" in other.locator("#kept").inner_text()


def test_the_box_is_off_at_first(desk: MakeDesk) -> None:
    """Nobody stays signed in who did not tick the box, and the box says what it means."""
    one = desk()
    one.page.goto(f"{one.url}/portal/index.html")
    box = one.page.get_by_label(BOX)
    assert not box.is_checked()
    box.check()
    said = one.page.locator("#stay-help").inner_text()
    box.uncheck()
    assert "anyone who uses this browser on this computer can open your pages" in said
    one.fill(COACHEE.person, COACHEE.passphrase)
    one.page.wait_for_selector("#content h1", timeout=30_000)

    assert one.page.evaluate(KEPT_NOTHING)
    assert not is_open(another(one))


def test_what_the_device_keeps(kept: Desk) -> None:
    """The device keeps a key that nothing can read out, and neither name nor key in clear."""
    (one,) = kept.page.evaluate(KEPT)

    assert sorted(one) == ["from", "key", "nonce", "sealed", "until"]
    assert kept.page.evaluate(KEY_IS_SECRET) == [False, "refused"]
    elsewhere = "() => localStorage.length + sessionStorage.length + document.cookie.length"
    assert kept.page.evaluate(elsewhere) == 0


def test_lock_ends_it(kept: Desk) -> None:
    """Lock leaves nothing of it on the device, and the next tab asks who it is."""
    kept.page.get_by_role("button", name="Lock").click()

    wait_until_forgotten(kept.page)
    assert not is_open(another(kept))


def test_a_tab_that_is_being_opened_while_another_is_locked(kept: Desk) -> None:
    """Lock reaches a tab that is on its way to opening without the passphrase."""
    other = kept.page.context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    other.route("**/data/*.js*", hold)
    with other.expect_request("**/data/*.js*"):
        other.goto(f"{kept.url}/portal/index.html", wait_until="domcontentloaded")
    other.evaluate(HEARS_LOCKS)
    kept.page.get_by_role("button", name="Lock").click()
    wait_until_forgotten(kept.page)
    other.wait_for_function("() => window.heard")

    held[0].continue_()

    assert not is_open(other)


def test_a_device_that_does_not_forget(kept: Desk) -> None:
    """Where the browser fails to forget somebody, Lock says so, and what to do about it."""
    kept.page.evaluate("() => { IDBFactory.prototype.open = () => { throw new Error() } }")

    kept.page.get_by_role("button", name="Lock").click()

    kept.page.wait_for_function("() => document.querySelector('#problem').textContent")
    said = kept.page.locator("#problem").inner_text()
    assert "This browser could not forget that you are signed in. Clear what it has stored" in said
    assert NAME not in kept.page.content()


def test_a_device_that_never_answers(desk: MakeDesk) -> None:
    """Storage that never answers keeps nobody out: after five seconds the portal asks who it is."""
    one = desk()
    one.page.clock.install()
    one.page.add_init_script("IDBFactory.prototype.databases = () => new Promise(() => {})")
    one.page.goto(f"{one.url}/portal/index.html")

    one.page.clock.fast_forward("00:05")

    one.page.get_by_role("button", name="Unlock").wait_for()
    assert one.page.get_by_label(BOX).is_disabled()


def test_idle_ends_it(desk: MakeDesk) -> None:
    """A page that is left open and unused locks and ends it, however many hours are left."""
    one = desk()
    one.page.clock.install()
    stay(one)

    one.page.clock.fast_forward("09:30")
    one.page.get_by_role("dialog").wait_for()
    one.page.clock.fast_forward("01:00")

    one.page.get_by_role("button", name="Unlock").wait_for()
    wait_until_forgotten(one.page)


def test_it_ends_by_itself(kept: Desk) -> None:
    """After its hours the device opens nothing, and what it kept is gone."""
    kept.page.close()
    page = kept.page.context.new_page()
    page.clock.install(time=time.time() + 8 * HOUR)

    page.goto(f"{kept.url}/portal/index.html")

    assert not is_open(page)
    wait_until_forgotten(page)


def test_somebody_else_unlocks(kept: Desk) -> None:
    """A personal link of somebody else asks for their passphrase, and ends it for the first."""
    page = another(kept, f"#person={HEAD.person}")
    assert not is_open(page)
    page.get_by_label("Passphrase", exact=True).fill(HEAD.passphrase)
    page.get_by_role("button", name="Unlock").click()
    page.wait_for_selector("#content h1", timeout=30_000)

    assert NAME not in page.locator("#who").inner_text()
    assert page.evaluate(KEPT_NOTHING)


def test_back_to_a_page_that_was_left(kept: Desk) -> None:
    """Whoever stays signed in and comes back to the portal finds it open."""
    kept.page.goto(f"{kept.url}/handbook/index.html")

    kept.page.go_back()

    assert is_open(kept.page)


def test_it_is_not_offered_from_a_folder(desk: MakeDesk, example: Path) -> None:
    """From a folder nothing is offered, as any other file on the disk could use what is kept."""
    one = desk(url=example.as_uri())
    one.unlock(COACHEE)

    one.page.get_by_role("button", name="Lock").click()

    one.page.get_by_role("button", name="Unlock").wait_for()
    assert one.page.get_by_label(BOX).is_hidden()
    assert one.page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_a_browser_that_keeps_nothing(desk: MakeDesk) -> None:
    """Where storage is blocked the portal works, and says why nobody can stay signed in."""
    one = desk()
    one.page.add_init_script(BLOCKED)
    one.page.goto(f"{one.url}/portal/index.html")
    one.page.get_by_role("button", name="Unlock").wait_for()
    assert one.page.get_by_label(BOX).is_disabled()
    assert "This browser keeps nothing for this page" in one.page.locator("#stay-help").inner_text()

    one.fill(COACHEE.person, COACHEE.passphrase)

    one.page.wait_for_selector("#content h1", timeout=30_000)
    one.page.get_by_role("button", name="Lock").click()
    one.page.get_by_role("button", name="Unlock").wait_for()
    assert one.page.locator("#problem").inner_text() == ""


def test_what_the_device_keeps_was_altered(kept: Desk) -> None:
    """Where what the device keeps was altered, it is removed and the passphrase asked for."""
    spoil = """() => new Promise((done) => {
        const asked = indexedDB.open('coachbook');
        asked.onsuccess = () => {
            const store = asked.result.transaction('kept', 'readwrite').objectStore('kept');
            store.openCursor().onsuccess = ({ target: { result: found } }) => {
                const changed = { ...found.value, sealed: new ArrayBuffer(64) };
                found.update(changed).onsuccess = () => { asked.result.close(); done(); };
            };
        };
    })"""
    kept.page.evaluate(spoil)
    kept.page.close()

    page = another(kept)

    assert not is_open(page)
    wait_until_forgotten(page)
