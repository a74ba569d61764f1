"""The main job, whole: from an empty folder to a page that a second person reads.

Everything is done as a user does it: with the command, git and a browser.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Desk, Tried, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    MakeDesk = Callable[..., Desk]

TODAY = "2026-11-16"
SAID = "We watched two minutes of film and counted nine waits"
ANSWERS = """\
school: Otterbeck Primary
phase: primary
people:
  - Odalys Renwick-Tarn, senior-leader, head
  - Petra Quillfeather, senior-leader, deputy monitor
  - Idris Marlowe-Beck, teacher, lead-coach
  - Nell Ottaway, teacher
calendar:
  autumn_1: 2026-09-02 to 2026-10-23
  autumn_2: 2026-11-02 to 2026-12-18
  spring_1: 2027-01-04 to 2027-02-12
  spring_2: 2027-02-22 to 2027-03-25
  summer_1: 2027-04-12 to 2027-05-28
  summer_2: 2027-06-07 to 2027-07-22
policy:
  repository.holders: [monitor, lead-coach]
  keys.publish_protected: yes
  recovery.holder: nobody
  retention.notes: until 31 August after the cycle closes
  retention.impact: for three years
  retention.separate: for six years
"""


@dataclass(frozen=True)
class School:
    """A school that began as an empty folder, and the passphrases of its people."""

    root: Path
    environment: dict[str, str]
    passphrases: dict[str, str]

    def run(self, *arguments: str, **variables: str) -> str:
        """Runs the command in the workspace; returns its answer."""
        done = subprocess.run(
            ["coachbook", *arguments, "--today", TODAY],
            cwd=self.root,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def tried(self, sign_in: str) -> Tried:
        """Somebody to unlock the portal as."""
        return Tried(sign_in, (), self.passphrases[sign_in])


@pytest.fixture(scope="module")
def school(warm: Path, tmp_path_factory: pytest.TempPathFactory) -> School:
    """A school with four people and their keys, one cycle and one saved session."""
    place = tmp_path_factory.mktemp("first")
    environment = {
        name: text for name, text in os.environ.items() if not name.startswith("COACHBOOK_")
    }
    environment |= {
        "PATH": f"{warm}{os.pathsep}{environment['PATH']}",
        "COACHBOOK_HOME": str(place / "home"),
        "GIT_AUTHOR_NAME": "Idris",
        "GIT_AUTHOR_EMAIL": "idris@example.org",
        "GIT_COMMITTER_NAME": "Idris",
        "GIT_COMMITTER_EMAIL": "idris@example.org",
    }
    (place / "answers.yml").write_text(ANSWERS)
    begun = School(place, environment, {})
    begun.run("init", "coaching", "--preset", "head-excluded", "--yes", "--answers", "answers.yml")
    made = School(place / "coaching", environment, {})
    for person in ("odalys.renwicktarn", "petra.quillfeather", "idris.marlowebeck", "nell.ottaway"):
        made.passphrases[person] = made.run("keys", "new", person)
    for role in ("head", "monitor", "lead-coach"):
        made.run("keys", "new", "--role", f"{role}@otterbeck")
    made.run("new", "cycle", "--coach", "idris", "--coachee", "nell", "--yes")
    (pair,) = made.root.glob("records/otterbeck/partnerships/*.md")
    pair.write_text(pair.read_text().replace("\nstart: ", f"\nagreed_on: {TODAY}\nstart: "))
    session = made.root / made.run("new", "session", "--minutes", "14", "--yes")
    text = session.read_text()
    text = text.replace("\n## Notes\n", f"\n## Notes\n{SAID}.\n")
    text = text.replace(
        "\n## Action steps\n", "\n## Action steps\n- [ ] Count to three (by 19 Nov)\n"
    )
    session.write_text(text)
    made.run("save", "-m", "first session")
    made.run("build")
    return made


@pytest.fixture
def url(school: School) -> Iterator[str]:
    """Where the school's site is served."""
    with served(school.root / "site") as address:
        yield address


def _cycle(school: School) -> str:
    (folder,) = (school.root / "records" / "otterbeck" / "2026-27").iterdir()
    return folder.name


def test_nothing_confidential_was_committed(school: School) -> None:
    """What was said stands in no commit and in no file of the workspace."""
    history = subprocess.run(
        ["git", "log", "--all", "-p", "--no-textconv"],
        cwd=school.root,
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert "first session" in history
    assert "BEGIN AGE ENCRYPTED FILE" in history
    assert "counted nine waits" not in history
    files = [p for p in school.root.rglob("*") if p.is_file()]
    assert not any(b"counted nine waits" in p.read_bytes() for p in files)


def test_second_person_reads_it(school: School, desk: MakeDesk, url: str) -> None:
    """The coachee opens the page in a browser and reads what the coach wrote."""
    one = desk(url=url)
    one.unlock(school.tried("nell.ottaway"))

    one.go(f"cycle/{_cycle(school)}")

    text = one.opened()
    assert SAID in text
    assert "Nell, Idris and Petra can read this. The head cannot." in text


def test_head_cannot(school: School, desk: MakeDesk, url: str) -> None:
    """The head unlocks the portal and finds figures, no cycle and no note."""
    one = desk(url=url)
    one.unlock(school.tried("odalys.renwicktarn"))

    links = one.page.locator("#pages a").evaluate_all("all => all.map(a => a.hash)")
    assert set(links) == {
        "#/me",
        "#/find",
        "#/school/otterbeck",
        "#/head/otterbeck",
        "#/head/otterbeck/term",
        "#/governors/otterbeck",
        "#/probation/otterbeck",
    }


def test_no_key_of_the_head_opens_it(school: School) -> None:
    """`open` with the head's key, role included, says calmly that they are not a reader."""
    session = next((school.root / "records").rglob("*-s-*.md"))

    done = subprocess.run(
        ["coachbook", "open", str(session), "--as", "odalys.renwicktarn"],
        cwd=school.root,
        env=school.environment | {"COACHBOOK_PASSPHRASE": school.passphrases["odalys.renwicktarn"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert SAID not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_stock_age_opens_a_block(school: School, tmp_path: Path) -> None:
    """A sealed part opens with the stock `age` command and the reader's own key file."""
    from coachbook.keystore import unlock

    session = next((school.root / "records").rglob("*-s-*.md")).read_text()
    block = re.search(r"-----BEGIN AGE.*?-----END AGE ENCRYPTED FILE-----\n", session, re.DOTALL)
    assert block
    (tmp_path / "block.age").write_text(block[0])
    person = next(
        p.stem
        for p in (school.root / "records" / "people").iterdir()
        if "nell.ottaway" in p.read_text()
    )
    protected = (school.root / "records" / "keys" / f"{person}.age").read_text()
    key = unlock(protected, school.passphrases["nell.ottaway"])[0]
    (tmp_path / "key.txt").write_text(key.reveal_private_key() + "\n")

    done = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "key.txt"), str(tmp_path / "block.age")],
        capture_output=True,
        check=True,
        text=True,
    )

    assert SAID in done.stdout


def test_who_can_read(school: School) -> None:
    """`who-can-read` names the people of each section, and the head is none of them."""
    session = next((school.root / "records").rglob("*-s-*.md"))

    answer = school.run("who-can-read", str(session))

    notes = answer.split("Notes:")[1].split("\n\n")[0]
    assert "Nell Ottaway" in notes
    assert "held by Petra Quillfeather" in notes
    assert "Odalys" not in notes


def test_last_step_is_carried_forward(school: School) -> None:
    """A new session begins with the steps that are still open, for somebody who can read them."""
    path = school.root / school.run(
        "new",
        "session",
        "--date",
        "2026-11-23",
        "--as",
        "idris.marlowebeck",
        "--yes",
        COACHBOOK_PASSPHRASE=school.passphrases["idris.marlowebeck"],
    )

    text = path.read_text()
    path.unlink()
    assert "- [ ] Count to three (by 19 Nov)" in text


def test_portal_note_is_filed(school: School, desk: MakeDesk, url: str, tmp_path: Path) -> None:
    """A note written in the portal, without git, is filed by `inbox` and read by the coach."""
    coachee = desk(url=url, accept_downloads=True)
    coachee.unlock(school.tried("nell.ottaway"))
    coachee.go("write")
    coachee.page.get_by_label("Minutes").fill("13")
    coachee.page.get_by_label("Notes").first.fill("Today nobody called out and I let it be quiet.")
    coachee.page.get_by_role("button", name="Seal").click()
    with coachee.page.expect_download() as download:
        coachee.page.get_by_role("button", name="Download").click()
    arrived = tmp_path / "inbox"
    arrived.mkdir()
    download.value.save_as(arrived / download.value.suggested_filename)
    assert b"let it be quiet" not in next(arrived.iterdir()).read_bytes()

    filed = school.run("inbox", str(arrived))

    assert list(arrived.iterdir()) == []
    assert (school.root / filed).is_file()
    school.run("save", "-m", "from the portal")
    school.run("build")
    coach = desk(url=url)
    coach.unlock(school.tried("idris.marlowebeck"))
    coach.go(f"cycle/{_cycle(school)}")
    assert "I let it be quiet" in coach.opened()


def test_build_once_more(school: School) -> None:
    """Building once more without a change works, and checking finds no error."""
    school.run("build")

    assert "0 errors" in school.run("check")
