"""Merges of sealed records with real git: with and without the drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book import place_of
from coachbook.readers import Reader
from coachbook.record import format_block
from coachbook.scaffold import HOOKS
from coachbook.sealing import seal
from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    HEAD,
    NOTE,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
)
from tests.git.conftest import change, fork, git, opened
from tests.workspaces.otterbeck_small import SEALED_AT, identity, stream

if TYPE_CHECKING:
    from tests.cli.desk import Desk

ROLE = "monitor@otterbeck"
OURS, THEIRS = "Nobody waited for anybody.", "Everybody waited for somebody."


def findings(school: Desk) -> str:
    """What `check` says of the session."""
    return school.run("check", DRAFT).out


@pytest.mark.parametrize(
    "command",
    [
        ("merge", "-q", "--no-edit", "side"),
        ("cherry-pick", "side"),
        ("rebase", "-q", "side"),
    ],
)
def test_each_side_changed_another_section(shared: Desk, command: tuple[str, ...]) -> None:
    """Merge, cherry-pick and rebase join a record by section, and every key opens the result."""
    fork(shared, (NOTE, OURS), ("by 26 Nov", "by 27 Nov"))

    done = git(shared, *command)

    assert done.returncode == 0, done.stderr + done.stdout
    assert opened(shared) == DRAFT_TEXT.replace(NOTE, OURS).replace("by 26 Nov", "by 27 Nov")
    assert "CB50" not in findings(shared)


def clash(shared: Desk) -> str:
    """Both sides change one section, and `git merge` stops; what git said."""
    fork(shared, (NOTE, OURS), (NOTE, THEIRS))
    done = git(shared, "merge", "--no-edit", "side")
    assert done.returncode == 1, done.stdout
    assert f"CONFLICT (content): Merge conflict in {DRAFT}" in done.stdout
    return done.stderr


def test_both_changed_one_section(shared: Desk) -> None:
    """Both versions stay sealed, one after the other; `check` names them and the way out."""
    said = clash(shared)

    assert f'{DRAFT}: both sides changed section "Notes"' in said
    found = shared.read(DRAFT)
    assert found.count("```age coachee, coach, monitor\n") == 3
    assert "<<<<<<<" not in found
    assert "waited" not in found
    said = findings(shared)
    assert 'CB504 two sealed versions of section "Notes" stand side by side' in said
    assert f"coachbook merge {DRAFT}" in said


def test_somebody_who_reads_both_joins_them(shared: Desk) -> None:
    """`merge` shows both in an editor, and seals what is left there as the next revision."""
    clash(shared)
    shared.editor(
        f"text = path.read_text()\nassert {OURS!r} in text and {THEIRS!r} in text\n"
        "path.write_text('## Notes\\n\\nSome waited.\\n')\n"
    )

    result = shared.run("merge", DRAFT, person=COACH)

    assert result.status == 0, result.err
    assert "Some waited." in opened(shared)
    assert shared.record(DRAFT).sections[0].blocks[0].revision == 3
    assert git(shared, "commit", "-q", "--no-edit").returncode == 0
    assert "CB5" not in findings(shared)
    assert shared.leftovers() == []


def test_an_editor_that_leaves_the_marks(shared: Desk) -> None:
    """What is not joined is not saved: the record stays as it is, and no text is left anywhere."""
    clash(shared)
    before = shared.read(DRAFT)
    shared.editor("")

    result = shared.run("merge", DRAFT, person=COACH)

    assert result.status == 1
    assert "line 3 still begins with the signs between two versions" in result.err
    assert "waited" not in result.err
    assert shared.read(DRAFT) == before
    assert shared.leftovers() == []


def test_a_final_note_keeps_the_side_it_was_final_with(shared: Desk) -> None:
    """Nobody edits a final note in a merge: one side is kept as it was sealed."""
    shared.git("checkout", "-q", "-b", "side")
    change(shared, NOTE, THEIRS)
    shared.git("checkout", "-q", "main")
    change(shared, NOTE, OURS)
    assert shared.run("agree", DRAFT, person=COACHEE).status == 0
    assert shared.run("save", person=COACHEE).status == 0
    assert git(shared, "merge", "--no-edit", "side").returncode == 1

    asked = shared.run("merge", DRAFT, person=COACH)
    kept = shared.run("merge", DRAFT, "--ours", person=COACH)

    assert asked.status == 2
    assert "is final, so no version is edited any more" in asked.err
    assert kept.status == 0, kept.err
    assert OURS in opened(shared)
    assert "CB50" not in findings(shared)


def test_the_same_change_on_both_sides_needs_no_editor(shared: Desk) -> None:
    """Where both sides wrote the same, it is sealed as one without asking."""
    fork(shared, (NOTE, OURS), (NOTE, OURS))
    assert git(shared, "merge", "--no-edit", "side").returncode == 1

    result = shared.run("merge", DRAFT, person=COACH)

    assert result.status == 0, result.err
    assert opened(shared) == DRAFT_TEXT.replace(NOTE, OURS)


def test_a_merge_that_is_under_way_is_not_saved_in_part(shared: Desk) -> None:
    """`save` says how to finish a merge, and leaves everything in place."""
    clash(shared)
    assert shared.run("merge", DRAFT, "--ours", person=COACH).status == 0

    result = shared.run("save", person=COACH)

    assert result.status == 2
    assert "a merge is under way" in result.err
    assert "git commit --no-edit" in result.err
    assert git(shared, "commit", "-q", "--no-edit").returncode == 0
    assert OURS in opened(shared)


def test_nothing_to_join(shared: Desk) -> None:
    """A record with one version of everything is left alone."""
    result = shared.run("merge", DRAFT, person=COACH)

    assert result.status == 0
    assert f"nothing is left to join in {DRAFT}" in result.err


def test_one_side_is_kept(shared: Desk) -> None:
    """With `--theirs` nothing is edited: their text is sealed anew, with who wrote it."""
    clash(shared)

    result = shared.run("merge", DRAFT, "--theirs", person=COACHEE)

    assert result.status == 0, result.err
    assert THEIRS in opened(shared)
    assert OURS not in opened(shared)


def test_who_holds_no_key_commits_both(shared: Desk) -> None:
    """Somebody without a key can finish the merge, and one who reads both joins them later."""
    clash(shared)
    shared.git("config", "core.hooksPath", HOOKS)
    shared.git("add", DRAFT)
    assert git(shared, "commit", "-q", "--no-edit").returncode == 0

    result = shared.run("merge", DRAFT, "--ours", person=COACH)

    assert result.status == 0, result.err
    assert OURS in opened(shared)
    assert shared.run("save", person=COACH).status == 0


def test_a_clash_is_never_published(shared: Desk) -> None:
    """A record with two versions of a section stops the build."""
    clash(shared)

    built = shared.run("build")

    assert built.status == 1
    assert "CB504" in built.err


def test_who_cannot_read_both_is_told_who_can(shared: Desk) -> None:
    """Somebody who opens neither version is named those who open all."""
    clash(shared)

    result = shared.run("merge", DRAFT, person="p-h7d2k9qm")

    assert result.status == 2
    assert "hint: ask one who can read all versions to join them: Nerys, Idris and" in result.err
    assert "<<<" not in shared.read(DRAFT)


def test_a_join_opens_nothing_to_more_people(shared: Desk) -> None:
    """Whoever could read only one of the versions has to be named before they read the joined."""
    clash(shared)
    record = shared.record(DRAFT)
    first = record.sections[0].blocks[0]
    armor = seal(
        f"{OURS}\n",
        {},
        place=place_of(shared.book, record, "Notes"),
        readers=[Reader(one, identity(one).recipient()) for one in (COACHEE, COACH)],
        revision=2,
        author=COACH,
        sealed_at=SEALED_AT,
        policy="2026-09",
        rules=(),
        random=stream("without the monitor"),
    )
    block = format_block(("coachee", "coach"), 2, armor)
    shared.write(DRAFT, record.source[: first.start] + block + record.source[first.end :])

    result = shared.run("merge", DRAFT, "--theirs", person=COACH)

    assert result.status == 2
    assert "more people would read the text" in result.err
    assert "--new-reader monitor@otterbeck" in result.err
    assert shared.read(DRAFT).count("```age ") == 4


def test_both_changed_one_field(shared: Desk) -> None:
    """Both lines of the header stand between marks; `check` names the field, `merge` settles it."""
    fork(shared, ("minutes: 15", "minutes: 14"), ("minutes: 15", "minutes: 20"))
    assert git(shared, "merge", "--no-edit", "side").returncode == 1

    assert "CB101 a merge was left unfinished here: two versions of `minutes`" in findings(shared)
    asked = shared.run("merge", DRAFT, person=COACH)
    assert asked.status == 2
    assert f"both sides changed `minutes` in the header of {DRAFT}" in asked.err
    assert shared.run("merge", DRAFT, "--theirs", person=COACH).status == 0

    assert "minutes: 20" in opened(shared)
    assert shared.git("diff", "--name-only", "--diff-filter=U") == ""


def test_a_clone_without_the_drivers(shared: Desk) -> None:
    """Merged line by line, the clash is found by `check`, and joined by section afterwards."""
    for section in ("merge.coachbook", "diff.coachbook"):
        shared.git("config", "--remove-section", section)
    fork(shared, (NOTE, OURS), (NOTE, THEIRS))
    assert git(shared, "merge", "--no-edit", "side").returncode == 1
    assert "<<<<<<< HEAD" in shared.read(DRAFT)
    assert "CB504" in findings(shared)

    result = shared.run("merge", DRAFT, "--ours", person=COACH)

    assert result.status == 0, result.err
    assert opened(shared) == DRAFT_TEXT.replace(NOTE, OURS)
    assert "CB50" not in findings(shared)


def test_a_record_sealed_whole_that_both_changed(school: Desk) -> None:
    """Both versions of such a record stay sealed; one who reads both keeps one of them."""
    school.git("config", "core.hooksPath", "none")
    school.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    assert school.run("save").status == 0
    (found,) = (school.root / "records/otterbeck/sealed").glob("x-*.md")
    path = found.relative_to(school.root).as_posix()
    for branch, words in (("side", "once"), ("main", "thrice")):
        school.git("checkout", "-q", *(["-b"] if branch == "side" else []), branch)
        school.editor(f"path.write_text(path.read_text().replace('twice', {words!r}))\n")
        assert school.run("edit", path, person=HEAD).status == 0
        assert school.run("save", path, person=HEAD).status == 0
    assert git(school, "merge", "--no-edit", "side").returncode == 1
    said = school.run("check", path).out
    assert "CB504 two sealed versions of this record stand side by side" in said
    assert f"coachbook merge {path}" in said

    result = school.run("merge", path, "--theirs", person=HEAD)

    assert result.status == 0, result.err
    assert "late once." in school.run("open", path, person=HEAD).out
    assert git(school, "commit", "-q", "--no-edit").returncode == 0


@pytest.mark.parametrize(
    ("begin", "go_on"),
    [
        (("rebase", "-q", "main"), ("-c", "core.editor=true", "rebase", "--continue")),
        (("cherry-pick", "main..side"), ("-c", "core.editor=true", "cherry-pick", "--continue")),
    ],
)
def test_a_clash_in_the_middle_is_joined_and_the_rest_goes_on(
    shared: Desk, begin: tuple[str, ...], go_on: tuple[str, ...]
) -> None:
    """Of two commits the first clashes: `coachbook merge` settles it, and git takes the second."""
    fork(shared, (NOTE, OURS), (NOTE, THEIRS))
    shared.git("checkout", "-q", "side")
    change(shared, "by 26 Nov", "by 27 Nov")
    if "rebase" not in begin:
        shared.git("checkout", "-q", "main")
    assert git(shared, *begin).returncode == 1
    assert "<<<<<<<" not in shared.read(DRAFT)

    joined = shared.run("merge", DRAFT, "--theirs", person=COACH)
    done = git(shared, *go_on)

    assert joined.status == 0, joined.err
    assert done.returncode == 0, done.stderr
    assert opened(shared) == DRAFT_TEXT.replace(NOTE, THEIRS).replace("by 26 Nov", "by 27 Nov")
    assert "CB50" not in findings(shared)


def test_a_second_worktree_joins_by_section(shared: Desk) -> None:
    """A worktree beside the repository merges as it does, and puts no mark into a sealed part."""
    fork(shared, (NOTE, OURS), (NOTE, THEIRS))
    shared.git("worktree", "add", "-q", "../second", "side")

    done = git(shared, "-C", "../second", "merge", "--no-edit", "main")

    assert done.returncode == 1
    found = (shared.root.parent / "second" / DRAFT).read_text()
    assert found.count("```age coachee, coach, monitor\n") == 3
    assert "<<<<<<<" not in found


def damage(school: Desk) -> None:
    """Takes a line out of the session's first sealed block, and commits that."""
    lines = school.read(DRAFT).splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("-----BEGIN"))
    school.write(DRAFT, "".join(lines[: at + 3] + lines[at + 4 :]))
    school.git("commit", "-q", "-am", "damaged")


def test_a_merge_with_a_damaged_version(shared: Desk) -> None:
    """Of a damaged and a whole version the whole one is kept, as it is sealed, when it is named."""
    shared.git("checkout", "-q", "-b", "side")
    damage(shared)
    shared.git("checkout", "-q", "main")
    change(shared, NOTE, OURS)
    assert git(shared, "merge", "--no-edit", "side").returncode == 1
    before = shared.read(DRAFT)

    asked = shared.run("merge", DRAFT, person=COACH)
    wrong = shared.run("merge", DRAFT, "--theirs", person=COACH)

    for refused in (asked, wrong):
        assert refused.status == 2
        assert "keep the side that is whole" in refused.err
    assert shared.read(DRAFT) == before
    kept = shared.run("merge", DRAFT, "--ours", person=COACH)
    assert kept.status == 0, kept.err
    assert opened(shared) == DRAFT_TEXT.replace(NOTE, OURS)
    assert shared.read(DRAFT) == shared.git("show", f"HEAD:{DRAFT}")
    assert "CB50" not in findings(shared)


def test_two_keys_are_never_joined(shared: Desk) -> None:
    """Two new keys of a role, made in two branches: `check` and `merge` say that one is kept."""
    for branch in ("side", "main"):
        shared.git("checkout", "-q", *(["-b"] if branch == "side" else []), branch)
        assert shared.run("keys", "rotate", ROLE).status == 0
        shared.git("add", "-A")
        shared.git("commit", "-q", "-m", f"a new key, on {branch}")
    assert git(shared, "merge", "-q", "side").returncode == 1
    public = f"records/keys/roles/{ROLE}.2.pub"
    before = shared.read(public)

    found = shared.run("check").out
    refused = shared.run("merge", public, "--ours")

    assert f"{public}:1:1: CB603 a merge left two versions of this key" in found
    assert "hint: keep both files of one of the two keys" in found
    assert refused.status == 2
    assert f"{public} is a key, and two keys are never joined" in refused.err
    assert shared.read(public) == before
