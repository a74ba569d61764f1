"""Tests of what measures how coachbook grows with a trust; no time decides here."""

from __future__ import annotations

import sys
import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from benchmarks import __main__ as command
from benchmarks import bare, bench_large, bench_serve, chart, measured
from benchmarks import kept as kept_trusts
from benchmarks import work as worked_on
from benchmarks.bench_large import Limits
from benchmarks.bench_serve import Watched
from benchmarks.kept import borrowed, keep_trust, replace_text
from benchmarks.measured import BUILD, CHECK, WORKS, Measured, load_measured, record
from benchmarks.peers import NOTE, Peer
from benchmarks.process import Spent, spend_program
from benchmarks.table import OURS, Limit, Row
from benchmarks.trust import Trust
from coachbook.book import load_book
from coachbook.diagnostics import Severity
from coachbook.manifest import FRAGMENT, NAME, Item, format_manifest
from coachbook.rules import check_book

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TINY = Trust(records=61, school_records=30, sessions_each=2)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Every command that is measured, noted in place of being run."""
    recorder = Recorder()
    monkeypatch.setattr(bench_large, "spend", recorder)
    monkeypatch.setattr(worked_on, "spend", recorder)
    monkeypatch.setattr(bench_large.headers, "spend", recorder)
    monkeypatch.setattr(bare, "spend", recorder)
    for name in ("ENCRYPTCONTENT", "HUGO"):
        peer = getattr(bench_large, name)
        monkeypatch.setattr(bench_large, name, _plain_site(peer.name))
    return recorder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trust of two schools, made once."""
    return keep_trust(TINY, tmp_path_factory.mktemp("bench"))


def test_a_trust_passes_every_rule(kept: Path) -> None:
    """A trust that is measured has no fault, and exactly as many records as were asked for."""
    book = load_book(kept)

    assert [one for one in check_book(book) if one.severity is not Severity.INFO] == []
    assert sum(1 for _ in (kept / "records").rglob("*.md")) == TINY.records


def test_schools_of_a_trust_differ(kept: Path) -> None:
    """Each school has a policy of its own, and some of its sealed sections are signed."""
    policies = {path.parent.name: path for path in kept.glob("records/*/policy-*.md")}
    sessions = [path.read_text(encoding="utf-8") for path in kept.glob("records/*/*/*/*-s-*.md")]

    maxima = {name: _field(path, "session.minutes.max") for name, path in policies.items()}
    assert maxima == {"amberbeck": "15", "brambeck": "20"}
    assert all(text.count("BEGIN AGE ENCRYPTED FILE") == 2 for text in sessions)
    assert {"```age-signature" in text for text in sessions} == {True, False}


def _field(path: Path, name: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix(f"{name}: ") for line in lines if line.startswith(name))


@pytest.mark.parametrize("records", [17, 60, 500, 2001, 2003, 5000, 100_000])
def test_a_trust_has_as_many_records_as_asked_for(records: int) -> None:
    """Whatever the size, schools of 2,000 records and a last one with the rest make it up."""
    schools = Trust(records).schools

    assert 1 + sum(school.records for school in schools) == records
    assert all(0 < one.sessions <= one.pairs * 38 for one in schools)
    assert all(one.records == 2000 for one in schools[:-1])


def test_a_trust_has_a_pair_at_least() -> None:
    """A trust without a single pair would measure nothing."""
    with pytest.raises(ValueError, match="at least 17 records"):
        _ = Trust(16).schools


def test_a_trust_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trust stays for the next run, until its maker changes: then it is made anew."""
    made: list[Path] = []
    monkeypatch.setattr(
        kept_trusts, "make_trust", lambda root, *_: (made.append(root), root.mkdir())
    )
    first = keep_trust(TINY, tmp_path)
    other = keep_trust(Trust(500), tmp_path)

    assert keep_trust(TINY, tmp_path) == first
    assert len(made) == 2

    monkeypatch.setattr(kept_trusts, "_maker", lambda: "changed")
    assert keep_trust(TINY, tmp_path) != first
    assert len(made) == 3
    assert not first.exists()
    assert other.is_dir()


def test_a_borrowed_trust_is_a_copy(kept: Path) -> None:
    """What a run changes in a trust is not in it for the next run."""
    path = next(kept.glob("records/*/school.md")).relative_to(kept)
    text = (kept / path).read_text(encoding="utf-8")

    with borrowed(kept) as root:
        replace_text(root / path, "changed")

        assert (root / path).read_text(encoding="utf-8") == "changed"
    assert (kept / path).read_text(encoding="utf-8") == text
    assert not root.exists()


class Recorder:
    """Stands in for running a command: notes what each finds, and leaves what it would leave."""

    def __init__(self) -> None:
        """Nothing has run yet."""
        self.found: list[tuple[str, bool, bool, str]] = []

    def __call__(self, command: Sequence[str], folder: Path, cache: Path | None = None) -> Spent:
        """Notes whether there were a cache and a site, and how long the edited session was."""
        if command[0] != "coachbook":
            return Spent(0.5, 20, 0.5)
        assert cache is not None
        edited = [
            _field(path, "minutes")
            for path in folder.glob("records/*/*/*/*-s-*.md")
            if _field(path, "minutes") != "14"
        ]
        state = (cache.exists(), (folder / "site").exists(), "".join(edited))
        self.found.append((command[1], *state))
        cache.mkdir(exist_ok=True)
        if command[1] == "build":
            (folder / "site").mkdir(exist_ok=True)
            items = {f"portal/data/{n}.js": Item(FRAGMENT, "", 1) for n in range(4)}
            (folder / "site" / NAME).write_bytes(format_manifest(items))
        return Spent(float(len(self.found)), 100, 1)


def test_each_run_finds_what_it_should(kept: Path, ran: Recorder) -> None:
    """A cold run has no cache and no site; the runs after an edit have both, and one edit more."""
    found = bench_large.measure(TINY, "today", Limits(headers=3, pages=2), 1, kept.parent)

    assert ran.found == [
        ("check", False, False, ""),
        ("check", True, False, "1"),
        ("build", False, False, "1"),
        ("build", True, True, "2"),
        ("build", True, True, "2"),
    ]
    assert [found.own(work).seconds for work in WORKS] == [1, 2, 3, 4, 5]
    assert [row.pieces for row in found.works[CHECK]] == [61, 61, 61, 3]
    assert [row.pieces for row in found.works[BUILD]] == [4, 4, 2, 4]
    assert (found.pages, found.schools, found.run) == (4, 2, "today")


def test_sizes_are_kept_where_that_is_asked_for(
    kept: Path, ran: Recorder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each size is printed with its aims, and written down for the chart only with --record."""
    file = kept.parent / "size.json"
    monkeypatch.setattr(kept_trusts, "FOLDER", kept.parent)
    monkeypatch.setattr(measured, "FILE", file)

    command.main(["large", "--sizes", "40", "--runs", "1"])
    assert not file.exists()
    command.main(["large", "--sizes", "40", "30", "--runs", "2", "--record"])

    found = load_measured(file)
    assert [one.records for one in found] == [30, 40]
    assert " cores" in found[0].run
    assert found[0].busy >= 0
    assert len(ran.found) == (1 + 2 * 2) * 5
    printed = capsys.readouterr().out
    assert "aim: at most 2.00 times slower than bare primitives" in printed
    assert "aim: level with Hugo + staticrypt, 4 pages" in printed


def test_an_unknown_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Asking for what is not measured names what is."""
    with pytest.raises(SystemExit):
        command.main(["lrge"])

    said = capsys.readouterr().err
    assert "there is no part lrge" in said
    assert "large, serve, chart" in said


def test_only_weekly_trusts_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """The chart is about pairs who meet every week, so no other trust is written down for it."""
    with pytest.raises(SystemExit):
        command.main(["large", "--sizes", "40", "--sessions-each", "5", "--record"])

    assert "--record keeps trusts of 38 sessions a pair" in capsys.readouterr().err


def test_a_size_without_a_pair_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A size that no trust can have is refused before anything is measured."""
    with pytest.raises(SystemExit):
        command.main(["large", "--sizes", "16"])

    assert "a trust has at least 17 records" in capsys.readouterr().err


def _plain_site(name: str, *, makes: str = "sealed") -> Peer:
    """A site builder that makes every page the same."""

    def write(folder: Path, pages: int) -> None:
        folder.mkdir()
        for number in range(pages):
            (folder / f"{number}.md").write_text("a note", encoding="utf-8")

    def build(folder: Path) -> Spent:
        for page in folder.glob("*.md"):
            page.with_suffix(".html").write_text(makes, encoding="utf-8")
        return Spent(1, 1, 1)

    return Peer(name, write, build, "*.md", "*.html")


def test_a_peer_that_encrypts_nothing_is_refused(tmp_path: Path) -> None:
    """A page whose note can be read makes the comparison worth nothing."""
    site = _plain_site("peer", makes=f"<h1>{NOTE}</h1>").site(tmp_path, 2)

    with pytest.raises(SystemExit, match="did not encrypt"):
        site.row(site.build())


def test_a_peer_that_leaves_a_page_out_is_refused(tmp_path: Path) -> None:
    """A site counts only if it has every page that was asked for."""
    site = _plain_site("peer").site(tmp_path, 2)
    assert site.row(site.build()).pieces == 2

    (site.folder / "0.html").unlink()

    with pytest.raises(SystemExit, match="but 1 were built"):
        site.row(Spent(1, 1, 1))


def test_every_aim_is_judged() -> None:
    """Each aim is printed with whether it is reached, and by how much it is missed."""
    printed = "\n".join(line for one in bench_large.tables(_size(2000)) for line in one.lines())

    assert "aim: at most 6.00 times slower than reading and hashing: missed, 50% of it" in printed
    assert "aim: at most 2.00 times slower than bare primitives: missed, 33% of it" in printed
    assert "aim: memory of a process under 400 MB: reached" in printed
    assert "aim: memory of all processes together under 400 MB: missed: 500.00 MB" in printed
    assert "aim: time under 1.5 s: missed: 6.00 s" in printed
    assert "aim: at most 3.00 times slower than bare primitives: missed, 50% of it" in printed
    assert "aim: level with Hugo + staticrypt, 1 page: missed, 17% of it" in printed


def test_every_size_is_held_against_the_same() -> None:
    """No aim is left out where a trust is small or large."""
    small, large = (
        [line for one in bench_large.tables(_size(size)) for line in one.lines() if "aim:" in line]
        for size in (500, 100_000)
    )

    assert small == large
    assert len(large) == 10


def test_a_limit_is_kept_or_missed() -> None:
    """A limit is something to stay under, not to reach exactly."""
    assert Limit("memory", 399.9, 400, "MB").verdict == "reached"
    assert Limit("memory", 400, 400, "MB").verdict == "missed: 400.00 MB"


def _size(records: int) -> Measured:
    """A size at which coachbook took six seconds each time, and everybody else half of one."""
    own = Row(OURS, 6.0, records, 500, largest=300)
    hugo, least = (
        Row("Hugo + staticrypt, 1 page", 1.0, records, 20),
        Row(bare.NAME, 1.0, records, 9),
    )
    works = dict.fromkeys(WORKS, (own, hugo))
    works[BUILD] = (own, least, hugo)
    works[CHECK] = (own, least, Row("reading and hashing", 0.5, records, 20))
    return Measured(records, records - 9, 1, records, 10, 20, "today; here", 0.5, works)


def test_what_was_measured_is_kept(tmp_path: Path) -> None:
    """What is written down is read again as it was, and a size measured anew replaces the old."""
    file = tmp_path / "size.json"
    assert load_measured(file) == ()

    for one in (_size(2000), _size(500), _size(2000)):
        record(one, file)

    assert load_measured(file) == (_size(500), _size(2000))


def test_chart_shows_every_number() -> None:
    """The drawing has a mark with its number for each time, a title, and a description."""
    sizes = [_size(500), _size(2000), _size(100_000)]

    drawing = _parsed(sizes)

    told = [one.findtext(f"{SVG}title") for one in drawing.iter(f"{SVG}path")]
    marks = [one for one in told if one]
    assert drawing.get("aria-labelledby") == "title desc"
    assert [drawing.find(f"{SVG}{name}") is not None for name in ("title", "desc")] == [True, True]
    assert len(marks) == 8 * len(sizes)
    assert "coachbook check, 100,000 records: 6.0 s" in marks


def test_names_of_lines_keep_apart() -> None:
    """However close their ends are, no name stands on another."""
    drawing = _parsed([_size(500), _size(1000)])

    names = [one for one in drawing.iter(f"{SVG}text") if "end" in (one.get("class") or "")]
    places = sorted(float(one.get("y") or 0) for one in names)
    assert len(places) == 8
    assert all(lower - upper > 16 for upper, lower in pairwise(places))


def _parsed(sizes: Sequence[Measured]) -> ElementTree.Element:
    return ElementTree.fromstring(chart.format_drawing(sizes))  # noqa: S314 - our own drawing


def test_a_peer_is_drawn_where_it_did_all_of_the_work() -> None:
    """A peer that was given fewer pages than there are is in the table, and not in the drawing."""
    whole, part = _size(500), _size(1000)
    fewer = Row("Hugo + staticrypt, 7 pages", 1.0, 7)
    part = Measured(
        **{**_fields(part), "works": {**part.works, BUILD: (*part.works[BUILD][:2], fewer)}}
    )

    lines = {line.name: line.points for line in chart.lines_of([whole, part])}

    assert lines["Hugo + staticrypt"] == ((500, 1.0),)
    assert "| 1,000 | build, cold | Hugo + staticrypt | 7 | 1.0 s |" in chart.format_page(
        [whole, part]
    )


def _fields(one: Measured) -> dict[str, object]:
    return {name: getattr(one, name) for name in Measured.__slots__}


def test_the_page_of_sizes_is_what_was_measured() -> None:
    """The drawing and the page in docs/ are made from the numbers that are kept beside them."""
    found = load_measured()

    assert (chart.DOCS / chart.DRAWING).read_text("utf-8") == chart.format_drawing(found)
    assert (chart.DOCS / chart.PAGE).read_text("utf-8") == chart.format_page(found)


SERVES = """
import sys, time
from pathlib import Path
session, page = Path(sys.argv[1]), Path(sys.argv[2])
seen = session.read_text()
print("stop with Ctrl-C", flush=True)
try:
    while True:
        time.sleep(0.002)
        if (now := session.read_text()) != seen:
            minutes = now.partition("minutes: ")[2].split()[0]
            print(f"{session.name}:9:1: CB302 {minutes} minutes", file=sys.stderr, flush=True)
            page.write_text(now)
            seen = now
except KeyboardInterrupt:
    pass
"""


def test_a_save_is_timed_to_its_finding_and_its_page(tmp_path: Path) -> None:
    """Each save is timed until its own finding is printed and until its page is another."""
    answers = _watch(tmp_path, SERVES, patience=60)

    assert len(answers) == 3
    assert all(one.finding and one.page for one in answers)
    tables = list(bench_serve.tables(answers, 2000))
    assert [len(table.rows) for table in tables] == [1, 1]


def test_a_save_without_an_answer_is_said(tmp_path: Path) -> None:
    """A program that never shows the finding has missed the aim, whatever else it does."""
    answers = _watch(tmp_path, SERVES.replace("CB302 {minutes} minutes", ""), patience=0.2)

    assert [one.finding for one in answers] == [None]
    assert "1 of 1 saves had no answer: missed" in "\n".join(
        next(bench_serve.tables(answers, 2000)).lines()
    )


def test_a_program_that_does_not_serve_is_said(tmp_path: Path) -> None:
    """A program that ends before it serves is no endless wait, and its words are shown."""
    with pytest.raises(SystemExit, match="port 1 cannot be used"):
        _watch(tmp_path, "import sys; sys.exit('port 1 cannot be used')", patience=60)


def _watch(folder: Path, program: str, patience: float) -> list[bench_serve.Answer]:
    session, page = folder / "s-1.md", folder / "page.js"
    session.write_text("---\nminutes: 14\n---\n", encoding="utf-8")
    page.write_text("", encoding="utf-8")
    command = [sys.executable, "-c", program, str(session), str(page)]
    watched = Watched(session, page)
    return bench_serve.watch(command, watched, folder, folder / "cache", saves=3, patience=patience)


def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    """What several processes of a program hold counts together, as they hold it at once."""
    program = textwrap.dedent("""
        import subprocess, sys, time
        holds = "held = bytes(range(256)) * 160_000; print(); input()"
        begun = [
            subprocess.Popen([sys.executable, "-c", holds], stdin=-1, stdout=-1) for _ in range(3)
        ]
        for one in begun:
            one.stdout.readline()
        time.sleep(0.4)
        for one in begun:
            one.communicate(b"\\n")
        """)

    spent = spend_program([sys.executable, "-c", program], tmp_path)

    assert spent.megabytes > 3 * 40
