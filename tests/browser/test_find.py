"""Finding things in a real browser: what is found, where it leads, what is left on locking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import demonstration

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Desk

    MakeDesk = Callable[..., Desk]

pytestmark = pytest.mark.usefixtures("emptied_profile")

PEOPLE = demonstration()
COACHEE, HEAD = PEOPLE["coachee@otterbeck"], PEOPLE["head@otterbeck"]
OPEN_CYCLE = "cycle/c-5n7zakxp"
SEALED_WORDS = "tennis ball"


def _find(desk: Desk, words: str) -> None:
    """Asks for words on the page for finding, and waits until all has been read."""
    desk.go("find")
    desk.page.get_by_label("Words to look for").fill(words)
    desk.page.locator(".find-state[data-read=all]").wait_for()


def _hits(desk: Desk) -> list[str]:
    return desk.page.locator(".find-hit").all_inner_texts()


def test_sealed_words_are_found(desk: MakeDesk) -> None:
    """What was written under seal is found by its words, and the result leads to its section."""
    one = desk()
    one.unlock(COACHEE)

    _find(one, SEALED_WORDS)
    assert one.page.locator(".find-hit mark").all_inner_texts()[:2] == ["tennis", "ball"]
    one.page.locator(".find-hit a").first.click()

    one.page.wait_for_selector("#content .arrived")
    assert one.page.evaluate("document.activeElement.classList.contains('arrived')")
    one.page.wait_for_function(
        "words => document.querySelector('.arrived').parentElement.innerText.includes(words)",
        arg=SEALED_WORDS,
    )


def test_nobody_finds_what_they_cannot_open(desk: MakeDesk) -> None:
    """The head, who is kept out of the notes, finds no word of them."""
    one = desk()
    one.unlock(HEAD)

    _find(one, SEALED_WORDS)

    assert _hits(one) == []
    assert "Nothing has all these words" in one.page.locator(".find-state").inner_text()


def test_nothing_is_searchable_before_unlocking_or_after_locking(desk: MakeDesk) -> None:
    """Locked, the portal has no search and no word of a note; locking empties the question too."""
    one = desk()
    one.page.goto(f"{one.url}/portal/index.html#/find")
    one.page.wait_for_selector("#gate:not([hidden])")
    assert one.page.get_by_role("searchbox").count() == 0

    one.fill(COACHEE.person, COACHEE.passphrase)
    one.page.wait_for_selector(".find h1")
    _find(one, SEALED_WORDS)
    one.lock()

    assert one.page.get_by_role("searchbox").count() == 0
    assert SEALED_WORDS not in one.page.content()
    one.unlock(COACHEE)
    one.go("find")
    assert one.page.get_by_role("searchbox").input_value() == ""


def test_words_are_kept_nowhere(desk: MakeDesk) -> None:
    """What was asked for stands neither in the address nor in what the browser stores."""
    one = desk()
    one.unlock(COACHEE)

    _find(one, SEALED_WORDS)

    assert "tennis" not in one.page.url
    stored = "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    assert one.page.evaluate(stored) == '[{},{},""]'


def test_a_question_waits_while_its_results_are_read(desk: MakeDesk) -> None:
    """Whoever comes back from a result finds their words and the results again."""
    one = desk()
    one.unlock(COACHEE)
    _find(one, SEALED_WORDS)
    before = _hits(one)
    one.page.locator(".find-hit a").first.click()
    one.page.wait_for_selector("#content .arrived")

    one.page.keyboard.press("Control+k")

    one.page.wait_for_selector(".find-hit")
    assert _hits(one) == before


def test_a_link_to_a_section_survives_unlocking(desk: MakeDesk) -> None:
    """A link to one section of a note, opened while locked, leads there after unlocking."""
    one = desk()
    one.unlock(COACHEE)
    _find(one, SEALED_WORDS)
    link = one.page.locator(".find-hit a").first.get_attribute("href")
    other = desk()

    other.page.goto(f"{other.url}/portal/index.html{link}")
    other.fill(COACHEE.person, COACHEE.passphrase)

    other.page.wait_for_selector("#content .arrived")
    assert other.page.url.endswith(str(link))


def test_the_way_back(desk: MakeDesk) -> None:
    """Each page says where it stands and leads back to the first one."""
    one = desk()
    one.unlock(COACHEE)
    one.go(OPEN_CYCLE)

    crumbs = one.page.get_by_role("navigation", name="Where you are")
    assert crumbs.locator("[aria-current=page]").inner_text().startswith("Bryony with Idris")
    crumbs.get_by_role("link", name="Me").click()

    one.page.wait_for_function("location.hash === '#/me'")


def test_a_record_can_be_changed_from_its_page(desk: MakeDesk) -> None:
    """Beside the path of each record stands how to change it, or a button that copies the path."""
    one = desk(permissions=["clipboard-read", "clipboard-write"])
    one.unlock(COACHEE)
    one.go(OPEN_CYCLE)

    place = one.page.locator(".file").first
    place.get_by_role("button", name="Copy path").click()

    place.get_by_text("Copied.").wait_for()
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert copied == place.locator("code").inner_text()
    assert copied.startswith("records/otterbeck/")
