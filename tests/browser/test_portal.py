"""The portal in a real browser: who opens what, and what is left behind."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import ROOT, Desk, Tried, demonstration, empty

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

    MakeDesk = Callable[..., Desk]

pytestmark = pytest.mark.usefixtures("emptied_profile")

PEOPLE = demonstration()
COACHEE, COACH = PEOPLE["coachee@otterbeck"], PEOPLE["coach@otterbeck"]
MONITOR, HEAD = PEOPLE["monitor@otterbeck"], PEOPLE["head@otterbeck"]
GOVERNOR, OFFICE = PEOPLE["governors@otterbeck"], PEOPLE["office@otterbeck"]
SIGNED_PAIR = "pair/pt-2rj9fq97"
LATE_CYCLE = "cycle/c-sq9c9gn8"
OPEN_CYCLE = "cycle/c-5n7zakxp"
CLOSED_CYCLE = "cycle/c-tfapn45e"
ROLE_PAGES = {f"{kind}/otterbeck" for kind in ("school", "checks", "coverage", "visits")}
SMALL_PHONE = {"width": 320, "height": 640}


def _paths(desk: Desk) -> set[str]:
    links = desk.page.locator("#pages a").evaluate_all("all => all.map(a => a.hash)")
    return {link.removeprefix("#/") for link in links} - {"find"}


def test_coachee_reads_their_own_notes(desk: MakeDesk) -> None:
    """A coachee unlocks the portal and reads what was written in their cycle."""
    one = desk()
    one.unlock(COACHEE)

    one.go(OPEN_CYCLE)

    text = one.opened()
    assert "tennis ball" in text
    assert "Bryony, Idris and Petra can read this. The head cannot." in text
    assert "not one of them" not in text


def test_coach_notes_stay_with_the_coach(desk: MakeDesk) -> None:
    """The coach's private notes open for the coach and for nobody else."""
    coachee, coach = desk(), desk()
    coachee.unlock(COACHEE)
    coach.unlock(COACH)

    for one in (coachee, coach):
        one.go(CLOSED_CYCLE)

    assert "not one of them" in coachee.opened()
    assert "not one of them" not in coach.opened()


def test_that_nobody_sees_it_is_said_of_what_opens(desk: MakeDesk) -> None:
    """Under a part that opens stands that nobody sees it; under one that stays shut it does not."""
    one = desk()
    one.unlock(COACHEE)
    one.go(CLOSED_CYCLE)
    one.opened()

    shut = one.page.locator('.sealed:has([data-state="shut"]) .unseen')
    open_ = one.page.locator('.sealed:has([data-state="opened"]) .unseen')

    assert open_.first.inner_text() == "Nobody can see whether you opened it."
    assert shut.count() > 0
    assert not shut.first.is_visible()


def _bylines(desk: Desk, place: str = "#content") -> list[str]:
    """Who wrote what stands there, once every signature has been looked at."""
    desk.page.wait_for_function(
        "() => [...document.querySelectorAll('[data-sealed][data-state=opened]')]"
        ".every(part => part.dataset.author)"
    )
    return desk.page.locator(f"{place} .byline").all_inner_texts()


def test_below_a_note_stands_once_who_sealed_it(desk: MakeDesk) -> None:
    """Three sections by one hand say so once; of a note that nobody signed that is said, too."""
    one = desk()
    one.unlock(PEOPLE["lead-coach@bramblewick"])
    one.go(SIGNED_PAIR)
    one.opened()

    assert _bylines(one) == [
        "Not signed.",
        *(
            f"Sealed by Dorothea Quenby on {day}."
            for day in ("17 Nov 2026", "26 Jan 2027", "9 Mar 2027")
        ),
    ]


def test_a_false_signature_is_said_where_it_stands(desk: MakeDesk) -> None:
    """What an old laptop signed is told apart from the sound note above it, and whom to ask."""
    one = desk()
    one.unlock(PEOPLE["head@saltmere"])
    one.go(LATE_CYCLE)
    one.opened()

    assert [words for words in _bylines(one) if "Ask " in words] == _bylines(one, ".addendum")
    (said,) = _bylines(one, ".addendum")
    assert said.startswith("The signature does not match: it was made with a key that Quentin")
    assert "nobody came to my table" in one.page.locator(".addendum").inner_text()


def test_the_head_reads_where_the_policy_lets_them(desk: MakeDesk) -> None:
    """At Bramblewick the head opens the visits, their addenda and who has been coached."""
    one = desk()
    one.unlock(PEOPLE["head@bramblewick"])
    assert {"visits/bramblewick", "coverage/bramblewick"} <= _paths(one)

    one.go("visits/bramblewick")
    with_addendum = one.page.locator("#content a", has_text="Final")
    with_addendum.first.click()
    one.page.wait_for_selector("#content .addendum")

    text = one.opened()
    assert "Added by" in text
    assert "not one of them" not in text


def test_monitor_reads_by_role(desk: MakeDesk) -> None:
    """The monitor opens the notes with the key of the role, not their own."""
    one = desk()
    one.unlock(MONITOR)

    one.go(OPEN_CYCLE)

    assert "tennis ball" in one.opened()


def test_head_has_figures_and_no_note(desk: MakeDesk) -> None:
    """The head sees process figures, and finds no cycle, session or note at Otterbeck."""
    one = desk()
    one.unlock(HEAD)

    assert _paths(one) == {
        "me",
        "school/otterbeck",
        "head/otterbeck",
        "head/otterbeck/term",
        "governors/otterbeck",
        "probation/otterbeck",
    }
    one.go("school/otterbeck")
    text = one.page.locator("#content").inner_text()
    assert "Sessions that kept to time" in text
    assert "[c]" in text


def test_first_page_leads_on(desk: MakeDesk) -> None:
    """Somebody in no cycle finds the pages of their roles on the first page they see."""
    one = desk()
    one.unlock(HEAD)

    one.page.locator("#content").get_by_role("link", name="The school in figures").click()
    one.page.get_by_role("heading", name="Otterbeck Primary", level=1).wait_for()


def test_steps_that_stay_closed_are_not_called_done(desk: MakeDesk) -> None:
    """Whoever can open no action step is told so, and not that nothing is outstanding."""
    one = desk()
    one.unlock(OFFICE)
    one.go(OPEN_CYCLE)

    text = one.opened()
    assert "What was agreed here is sealed for other readers." in text
    assert "Nothing outstanding" not in text


def test_paper_never_says_opening(desk: MakeDesk) -> None:
    """A page printed before its sections are open says on paper that they are not."""
    one = desk()
    one.unlock(COACHEE)
    one.page.emulate_media(media="print")
    texts = one.page.evaluate(
        """hash => new Promise((done) => {
            const content = document.querySelector("#content");
            new MutationObserver(() => {
                const places = [...content.querySelectorAll(".sealed-body .opening")];
                if (places.length > 0) done(places.map((place) => place.innerText.trim()));
            }).observe(content, { childList: true, subtree: true });
            location.hash = hash;
        })""",
        f"#/{OPEN_CYCLE}",
    )

    assert set(texts) == {"Not yet open when this was printed."}


def test_head_cannot_fetch_a_cycle_by_its_link(desk: MakeDesk) -> None:
    """A link to a cycle that somebody passes to the head leads to a calm message."""
    one = desk()
    one.unlock(HEAD)

    one.page.evaluate(f"location.hash = '#/{OPEN_CYCLE}'")
    one.page.get_by_role("heading", name="That page is not among yours").wait_for()

    text = one.page.locator("#content").inner_text()
    assert "tennis ball" not in text
    assert "Bryony" not in text


def test_governor_sees_figures(desk: MakeDesk) -> None:
    """A governor sees the school's figures and nothing about one person."""
    one = desk()
    one.unlock(GOVERNOR)

    assert _paths(one) == {"me", "school/otterbeck"}


def test_try_as(desk: MakeDesk) -> None:
    """In the demonstration one press opens the portal as each part."""
    one = desk()
    for label in ("Coachee", "Coach", "Monitor", "Head", "Governor"):
        one.page.goto(f"{one.url}/portal/index.html")
        one.page.wait_for_selector("body[data-state=locked]")

        one.page.get_by_role("button", name=label, exact=True).click()

        one.page.wait_for_selector("#content h1")


def test_banner_says_demonstration(desk: MakeDesk) -> None:
    """The demonstration says so on the portal and on the handbook."""
    one = desk()
    for page in ("portal/index.html", "handbook/index.html"):
        one.page.goto(f"{one.url}/{page}")
        assert "Demonstration" in one.page.locator("body").inner_text()


def test_wrong_passphrase(desk: MakeDesk) -> None:
    """A wrong passphrase gives a calm message and opens nothing."""
    one = desk()
    one.page.goto(f"{one.url}/portal/index.html")

    one.fill(COACHEE.person, HEAD.passphrase)

    message = one.page.get_by_role("alert")
    message.wait_for()
    one.page.wait_for_function("() => document.querySelector('#problem').textContent.trim()")
    assert "passphrase" in message.inner_text().lower()
    assert one.page.locator("#content").inner_text().strip() == ""


def test_unknown_person(desk: MakeDesk) -> None:
    """A person nobody knows is told so, without a list of those who are known."""
    one = desk()
    one.page.goto(f"{one.url}/portal/index.html")

    one.fill("nobody.atall", COACHEE.passphrase)

    one.page.wait_for_function("() => document.querySelector('#problem').textContent.trim()")
    one.complaints[:] = [c for c in one.complaints if "404" not in c]
    assert one.page.get_by_role("alert").inner_text().strip()


def test_passphrase_is_forgiving(desk: MakeDesk) -> None:
    """Capitals and spaces instead of hyphens make no difference."""
    one = desk()

    one.unlock(COACHEE, passphrase=" " + COACHEE.passphrase.replace("-", " ").upper() + " ")


def test_show_shows_the_passphrase(desk: MakeDesk) -> None:
    """Show makes the passphrase readable while it is typed."""
    one = desk()
    one.page.goto(f"{one.url}/portal/index.html")

    one.page.get_by_role("button", name="Show").click()

    assert one.page.locator("#passphrase").get_attribute("type") == "text"


def test_personal_link_fills_in_the_person(desk: MakeDesk) -> None:
    """A personal link fills in Person, so that only the passphrase is left to type."""
    one = desk()

    one.page.goto(f"{one.url}/portal/index.html#person=wren.ashgrove")

    assert one.page.get_by_label("Person").input_value() == "wren.ashgrove"


def test_lock_leaves_nothing(desk: MakeDesk) -> None:
    """After Lock neither the page nor the browser's storage holds a word of what was open."""
    one = desk(fresh=True)
    one.unlock(COACHEE)
    one.go(OPEN_CYCLE)
    assert "tennis ball" in one.opened()

    one.lock()

    one.page.get_by_role("button", name="Unlock").wait_for()
    assert "tennis ball" not in one.page.content()
    assert "Bryony" not in one.page.content()
    assert one.page.get_by_label("Passphrase", exact=True).input_value() == ""


def test_nothing_is_stored(desk: MakeDesk) -> None:
    """Nothing is written to web storage, cookies or the address while the portal is open."""
    one = desk(fresh=True)
    one.unlock(COACHEE)
    one.go(OPEN_CYCLE)
    one.opened()

    stored = one.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie,"
        " (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert stored == [0, 0, "", 0, 0]
    assert COACHEE.passphrase not in one.page.url


def test_a_profile_is_handed_on_empty(emptied_profile: BrowserContext, address: str) -> None:
    """What one test here leaves in a browser profile is not there for the next one."""
    keep = "() => { localStorage.a = sessionStorage.a = document.cookie = 'a=1'; }"
    kept = "() => [localStorage.length, sessionStorage.length, document.cookie]"
    page = emptied_profile.new_page()
    page.goto(f"{address}/portal/index.html")
    page.evaluate(keep)
    assert page.evaluate(kept) == [1, 1, "a=1"]

    empty(emptied_profile, address)

    page = emptied_profile.new_page()
    page.goto(f"{address}/portal/index.html")
    assert page.evaluate(kept) == [0, 0, ""]
    empty(emptied_profile, address)


def test_idle_portal_locks(desk: MakeDesk) -> None:
    """A portal that nobody uses locks itself after the policy's minutes, with a warning first."""
    one = desk(fresh=True)
    one.page.clock.install()
    one.unlock(COACHEE)

    one.page.clock.fast_forward("09:30")
    one.page.get_by_role("dialog").wait_for()
    one.page.clock.fast_forward("01:00")

    one.page.get_by_role("button", name="Unlock").wait_for()
    assert "Bryony" not in one.page.content()


def test_back_button_shows_nothing(desk: MakeDesk) -> None:
    """Leaving the portal and coming back shows a locked page."""
    one = desk(fresh=True)
    one.unlock(COACHEE)
    one.go(OPEN_CYCLE)
    one.opened()
    one.page.goto(f"{one.url}/handbook/index.html")

    one.page.go_back()

    one.page.get_by_role("button", name="Unlock").wait_for()
    assert "tennis ball" not in one.page.content()


def test_deep_link_survives_unlocking(desk: MakeDesk) -> None:
    """A link to a cycle opens that cycle after unlocking."""
    one = desk()
    one.page.goto(f"{one.url}/portal/index.html#/{OPEN_CYCLE}")

    one.fill(COACHEE.person, COACHEE.passphrase)

    one.page.wait_for_selector("#content h1")
    assert "Idris Marlowe-Beck" in one.page.locator("#content h1").inner_text()


def test_from_a_folder(desk: MakeDesk, example: Path) -> None:
    """The portal works from a folder on disk, as a synchronised folder gives it."""
    one = desk(url=example.as_uri())
    one.unlock(COACHEE)

    one.go(OPEN_CYCLE)

    assert "tennis ball" in one.opened()


def test_write_from_a_folder(desk: MakeDesk, example: Path) -> None:
    """The Write page works from a folder on disk too."""
    one = desk(url=example.as_uri())
    one.unlock(COACHEE)

    one.go("write")

    assert one.page.get_by_role("button", name="Seal").is_visible()


def test_without_script(chromium: Browser, address: str) -> None:
    """Without JavaScript the page says what it needs and why."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/portal/index.html")

    assert "needs its script" in page.locator("body").inner_text()
    context.close()


def test_axe_finds_nothing(desk: MakeDesk) -> None:
    """The checker axe finds no barrier on a private page, light or dark."""
    one = desk(bypass_csp=True, reduced_motion="reduce")
    one.unlock(COACHEE)
    for path in ("me", OPEN_CYCLE, "write"):
        one.go(path)
        one.opened()

        for scheme in ("light", "dark"):
            one.page.emulate_media(color_scheme=scheme)
            assert (path, scheme, barriers(one.page)) == (path, scheme, [])


@pytest.mark.parametrize("who", [HEAD, MONITOR])
def test_axe_on_role_pages(desk: MakeDesk, who: Tried) -> None:
    """The checker axe finds no barrier on the pages that come with a role."""
    one = desk(bypass_csp=True)
    one.unlock(who)
    for path in sorted(_paths(one) & ROLE_PAGES):
        one.go(path)

        assert barriers(one.page) == []


def test_axe_is_awake(desk: MakeDesk) -> None:
    """The check for barriers finds one when there is one."""
    one = desk(bypass_csp=True)
    one.page.goto(f"{one.url}/portal/index.html")
    one.page.wait_for_selector("body[data-state=locked]")
    one.page.evaluate("document.querySelector('label[for=person]').remove()")

    assert any(found.startswith("label:") for found in barriers(one.page))


def test_axe_on_the_gate(desk: MakeDesk) -> None:
    """The checker axe finds no barrier on the page that asks for the passphrase."""
    one = desk(bypass_csp=True)
    one.page.goto(f"{one.url}/portal/index.html")
    one.page.wait_for_selector("body[data-state=locked]")

    assert barriers(one.page) == []


def test_phone_needs_no_sideways_scrolling(desk: MakeDesk) -> None:
    """On the narrowest phone, 320 pixels wide, no page scrolls sideways."""
    one = desk(viewport=SMALL_PHONE)
    one.unlock(MONITOR)
    wide = {}
    for path in ("me", OPEN_CYCLE, "write", "coverage/otterbeck", "visits/otterbeck"):
        one.go(path)
        one.opened()
        # A window that counts as mobile would grow with its content.
        wide[path] = one.page.evaluate("document.documentElement.scrollWidth")

    assert set(wide.values()) == {SMALL_PHONE["width"]}, wide


def test_zoomed_to_200_percent(desk: MakeDesk) -> None:
    """At twice the size nothing is cut off."""
    one = desk(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    one.unlock(COACHEE)
    one.go(OPEN_CYCLE)

    assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_printed_page_says_confidential(desk: MakeDesk) -> None:
    """A printed page carries the word Confidential and no menu."""
    one = desk()
    one.unlock(COACHEE)
    one.go(OPEN_CYCLE)
    one.page.emulate_media(media="print")

    assert one.page.get_by_text("Confidential").is_visible()
    assert not one.page.locator("#pages").is_visible()


def test_keyboard_alone(desk: MakeDesk) -> None:
    """The portal is unlocked and a cycle opened with the keyboard alone."""
    one = desk()
    one.page.goto(f"{one.url}/portal/index.html")
    one.page.get_by_label("Person").focus()
    one.page.keyboard.type(COACHEE.person)
    one.page.keyboard.press("Tab")
    one.page.keyboard.type(COACHEE.passphrase)
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector("#content h1")

    one.page.locator("#pages a[href^='#/cycle/']").first.focus()
    one.page.keyboard.press("Enter")

    one.page.wait_for_function("() => location.hash.startsWith('#/cycle/')")


def test_figures_from_sealed_text_say_what_they_count(desk: MakeDesk) -> None:
    """Open steps, which only the browser can count, say how many sessions they come from."""
    one = desk()
    one.unlock(COACHEE)

    one.filled()
    text = one.page.locator("#content").inner_text()
    assert re.search(r"From \d+ sessions?, 14 Jan 2027 to 11 Mar 2027", text)


def test_one_figure_of_files(example: Path) -> None:
    """The portal's folder holds one page, its assets and sealed data, and no name of a person."""
    names = {
        path.relative_to(example).as_posix()
        for path in (example / "portal").rglob("*")
        if path.is_file()
    }

    data = {name for name in names if name.startswith("portal/data/")}
    assert all(re.fullmatch(r"portal/data/[0-9a-f]{32}\.js", name) for name in data)
    assert names - data == {
        "portal/index.html",
        "portal/assets/portal.js",
        "portal/assets/portal.css",
        "portal/assets/LICENSES.txt",
        "portal/assets/edition.js",
        "portal/assets/words.js",
    }


def test_example_has_the_cast(example: Path) -> None:
    """Every passphrase of the demonstration belongs to a person of the example."""
    manifest = json.loads((example / "coachbook-manifest.json").read_text())
    kinds = [entry["kind"] for entry in manifest["files"].values()]

    assert kinds.count("entry") >= len({t.person for t in PEOPLE.values()})
    assert (ROOT / "records" / "README.md").is_file()
