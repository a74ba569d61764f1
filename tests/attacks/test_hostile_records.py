"""Records whose words, ids, names and sizes are meant to do harm."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.attacks.hostile import (
    LIVE,
    MKDOCS,
    POLICY,
    TODAY,
    VARIABLE,
    build,
    opened,
    replace_in,
    require_refused,
)
from tests.cli.desk import SESSION
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from tests.cli.desk import Desk

NAME = f"{LIVE}{{{{ 7 * 191 }}}}{{% include 'x' %}}"


class _Live(HTMLParser):
    """Finds what would be alive in a page, had it been taken for HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "zq-live" or any(name.startswith("on") for name, _ in attrs):
            self.found.append(tag)
        if any("javascript:" in (value or "") for _, value in attrs):
            self.found.append(f"{tag} to javascript")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "zq()" in data:
            self.found.append("script")


def test_words_in_records_are_words_in_pages(hostile: Desk) -> None:
    """A school, a trust, a person, a form or a setting named like a script is shown as written."""
    quoted = NAME.replace('"', '\\"')
    replace_in(hostile, "records/otterbeck/school.md", r"(?m)^name: .*$", f'name: "{quoted}"')
    replace_in(hostile, "records/trust.md", r"(?m)^name: .*$", f'name: "{quoted}"')
    person = f"records/people/{small.COACHEE}.md"
    replace_in(hostile, person, r"(?m)^display_name: .*$", f'display_name: "Nerys {quoted}"')
    replace_in(hostile, SESSION, r"(?m)^kind: .*$", f'kind: coaching\npolicy: "{quoted}"')
    hostile.write("mkdocs.yml", f"{MKDOCS}\nsite_description: '{LIVE}'\n")
    second = "---\ntemplate: zq-none.html\n---\n\n# Coaching policy"
    replace_in(hostile, POLICY, "# Coaching policy", second)

    status, said = build(hostile)

    assert status == 0, said
    site = hostile.root / "site"
    public = [page.read_text(encoding="utf-8") for page in site.rglob("*.html")]
    private = [page["html"] for page in opened(site, small.COACH)]
    assert [found for text in public + private for found in _Live(text).found] == []
    assert any("&lt;zq-live" in text for text in public)
    assert any("&lt;zq-live" in text for text in private)
    assert not any("1337" in text for text in private + public)


@pytest.mark.parametrize(
    "words", ["[here](javascript:zq())", "![here](https://attacker.example/pixel.png)"]
)
def test_policy_text_that_would_be_alive(hostile: Desk, words: str) -> None:
    """A link that runs code or a foreign picture in a policy stops the build."""
    hostile.write(POLICY, hostile.read(POLICY).replace("10.3 ", f"10.3 {words} ", 1))

    assert "the page holds" in require_refused(hostile, "--only", "handbook")


@pytest.mark.parametrize("words", ["<img src=x onerror=zq()>", "*here*{: onclick=zq() }"])
def test_policy_text_that_is_no_text(hostile: Desk, words: str) -> None:
    """HTML or a handler in a policy is a fault of the policy, and stops publication."""
    hostile.write(POLICY, hostile.read(POLICY).replace("10.3 ", f"10.3 {words} ", 1))

    assert "CB703" in require_refused(hostile, "--only", "handbook")


# Names and places


def test_records_by_way_of_a_link(hostile: Desk) -> None:
    """A record, or a folder of records, that is a link is reported, and nothing in it is read."""
    outside = hostile.root.parent / "outside"
    (hostile.root / "records/otterbeck/2026-28").symlink_to(outside)
    (hostile.root / SESSION).with_name("2026-11-13-s-zzzz1111.md").symlink_to(outside / "diary.md")

    checked = hostile.run("check")
    status, said = build(hostile, "--only", "portal")

    assert checked.out.count("is a link to another place") == 2
    assert VARIABLE not in checked.out + said
    assert status == 0
    site = [path for path in (hostile.root / "site").rglob("*") if path.is_file()]
    assert not any(VARIABLE.encode() in path.read_bytes() for path in site)


@pytest.mark.parametrize(
    ("path", "pattern", "new"),
    [
        ("records/otterbeck/school.md", "id: otterbeck", "id: ../../outside"),
        ("records/otterbeck/school.md", "id: otterbeck", "id: /outside"),
        ("records/otterbeck/school.md", "id: otterbeck", 'id: "x\\"><zq-live>"'),
        (SESSION, "id: s-7kq2m4xa", "id: s-../../outside"),
        (SESSION, "cycle: c-0a1b2c3d", "cycle: ../../outside"),
        (f"records/people/{small.COACHEE}.md", f"id: {small.COACHEE}", "id: ../outside"),
        (POLICY, "version: 2026-09", "version: ../../../outside"),
        (f"records/people/{small.COACHEE}.md", "category:", f"sign_in: {small.COACH}\ncategory:"),
    ],
)
def test_ids_that_lead_elsewhere(hostile: Desk, path: str, pattern: str, new: str) -> None:
    """An id, a school or a sign-in that leads elsewhere writes no file outside site and cache."""
    before = {str(p) for p in hostile.root.parent.rglob("*")}
    replace_in(hostile, path, re.escape(pattern), new)

    checked = hostile.run("check", "--today", TODAY).out
    build(hostile, "--only", "portal")

    assert not re.search(r"git mv \S+ \S*\.\.", checked)
    written = {str(p) for p in hostile.root.parent.rglob("*")} - before
    inside = tuple(map(str, (hostile.root / "site", hostile.home / ".cache")))
    assert [place for place in written if not place.startswith(inside)] == []
    assert not any("zq-live" in place for place in written)


def test_a_sign_in_that_is_somebody_elses(hostile: Desk) -> None:
    """Nobody can put themselves in the place that another person's sign-in leads to."""
    person = f"records/people/{small.COACHEE}.md"
    replace_in(hostile, person, "category:", f"sign_in: ' {small.COACH.upper()}'\ncategory:")

    assert "would sign in with the same word" in require_refused(hostile, "--only", "portal")


@pytest.mark.parametrize(
    "address", ["javascript:zq()", "http://attacker.example/", "data:text/html,x", "//x"]
)
def test_link_of_the_trust_that_runs_code(hostile: Desk, address: str) -> None:
    """The one address that the portal links to from a record is that of a page, or refused."""
    replace_in(
        hostile, "records/trust.md", "format: 1\n", f"format: 1\nnew_file_url: '{address}'\n"
    )

    assert "not the address of a page" in require_refused(hostile, "--only", "portal")


@pytest.mark.parametrize("name", ["click", "yaml", "mkdocs", "markdown", "jinja2", "sitecustomize"])
def test_modules_in_a_workspace_are_not_run(hostile: Desk, name: str) -> None:
    """A Python file in the workspace with the name of a library is not run in its place."""
    hostile.write(
        f"{name}.py", "from pathlib import Path\nPath('pwned').touch()\nraise SystemExit(9)"
    )

    done = subprocess.run(
        [sys.executable, "-m", "coachbook", "check", "--today", TODAY],
        cwd=hostile.root,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
    assert not (hostile.root / "pwned").exists()


def test_modules_in_a_workspace_are_not_run_by_a_build(hostile: Desk) -> None:
    """Nor does the site builder, which is a process of its own, find one there."""
    for name in ("mkdocs", "yaml", "markdown", "sitecustomize", "material"):
        hostile.write(f"{name}.py", f"open({str(hostile.home / 'pwned')!r}, 'w').close()")

    done = subprocess.run(
        [sys.executable, "-m", "coachbook", "build", "--only", "handbook", "--today", TODAY],
        cwd=hostile.root,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
    assert not (hostile.home / "pwned").exists()


# Too much of everything


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("records/forms/big.yml", "form: big\n#" + "x" * 20_000_000),
        ("records/forms/deep.yml", "form: " + "[" * 200_000),
        ("records/forms/bomb.yml", "a: &a [1, 1]\nb: &b [*a, *a]\n"),
        ("records/otterbeck/deep.md", "---\ntype: session\nx: " + "[" * 200_000 + "\n---\n"),
        ("records/otterbeck/flow.md", "---\ntype: session\nx: " + "{a: " * 60 + "\n---\n"),
        ("records/otterbeck/bomb.md", "---\na: &a [1]\ntype: *a\n---\n"),
        ("records/otterbeck/long.md", "---\ntype: session\n---\n" + "x" * 17_000_000),
        ("records/otterbeck/fences.md", "---\ntype: session\n---\n" + "```age a\n" * 20_000),
        ("records/otterbeck/heads.md", "---\ntype: session\n---\n" + "## A\n" * 5_000),
        ("records/otterbeck/stars.md", "---\ntype: session\n---\n## Notes\n" + "*" * 500_000),
        ("records/keys/p-zzzz1111.pub", "x" * 1_000_000),
        ("records/keys/p-zzzz1111.age", "-----BEGIN AGE ENCRYPTED FILE-----\n" + "A" * 60_000),
    ],
    ids=lambda value: value if len(value) < 60 else "",
)
def test_too_much_of_everything(hostile: Desk, path: str, content: str) -> None:
    """A bomb, a million brackets or an endless line is a fault that is found in seconds."""
    hostile.write(path, content)

    done = subprocess.run(
        [sys.executable, "-m", "coachbook", "check", "--today", TODAY],
        cwd=hostile.root,
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )

    assert done.returncode in {1, 2}
    assert path in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


# Words for terminals and git hosts


@pytest.mark.parametrize(
    "value", [r"\e]0;owned\a", r"\e[2J\e[31m", r"\x9b31m", r"\u202Eeman", r"\r\nrecords", r"\0"]
)
def test_words_that_a_terminal_would_obey(hostile: Desk, value: str) -> None:
    """What would move the cursor, change a title or turn letters round is not printed."""
    replace_in(hostile, SESSION, "status: held", f'status: "{value}"')

    result = hostile.run("check")

    assert result.status == 1
    assert all(letter.isprintable() for letter in result.out.replace("\n", ""))


def test_words_that_a_git_host_would_obey(hostile: Desk) -> None:
    """A value or a file name cannot give a git host a command through an annotation."""
    replace_in(
        hostile, SESSION, "status: held", r'status: "x\n::add-mask::y\r\n::stop-commands::z"'
    )
    hostile.write("records/otterbeck/%0A::set-env name=x::y,file=z.md", "---\n")

    log = hostile.run("check", "--format", "github").out

    commands = [line for line in log.splitlines() if line.startswith("::")]
    assert all(
        re.match(r"::(error|warning|notice) file=[^,]*,line=\d+,col=\d+,", c) for c in commands
    )
    assert not any(
        line.startswith(("::add-mask", "::stop", "::set-env")) for line in log.splitlines()
    )
    assert "%0A" in log


def test_file_names_that_a_terminal_would_obey(hostile: Desk) -> None:
    """A file name with a line break or an escape is written out, not acted on."""
    hostile.write("records/otterbeck/a\n::error::b\x1b[2J.md", "---\n")

    for form in ("text", "json", "github"):
        said = hostile.run("check", "--format", form).out
        assert "\x1b" not in said
        assert not any(line.startswith("::error::b") for line in said.splitlines())
