"""How long `check` takes on 2,000 sessions, beside check-jsonschema on the same headers.

Both are whole processes on cold caches of their own, in one run:

    python benchmarks/bench_check.py

The peer validates each session's header against a JSON Schema made from the
form. It follows no reference and knows no policy, no calendar and no seal.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from coachbook.book import load_book
from coachbook.calendar import school_days
from coachbook.frontmatter import format_header, parse_header
from coachbook.record import Record, parse_record
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable

    from coachbook.book import Book
    from coachbook.forms import FieldForm, Form

COUNT = 2000
AIM = 10.0
_RUNS = 3
_PEER_RUNS = 1
_SESSIONS = 40
_LAST_DAY = "2027-07-22"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: seconds in all, milliseconds a record, and what it is compared to."""

    name: str
    seconds: float
    each: float
    ratio: str


def run(count: int = COUNT) -> list[Row]:
    """Makes a workspace of `count` sessions, and measures both on it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        files = make_workspace(root, count)
        headers, schema = _write_headers(root, Path(folder) / "headers")
        own = _median(lambda: _own(root), _RUNS)
        peer = _median(lambda: _peer(headers, schema), _PEER_RUNS)
        reading = _median(lambda: _read(root), _RUNS)
    own_each, peer_each = own / files * 1000, peer / count * 1000
    factor = peer_each / own_each
    return [
        Row("coachbook check", own, own_each, f"{factor:.1f} times faster (aim {AIM:.0f})"),
        Row("check-jsonschema", peer, peer_each, "1.0"),
        Row("reading the files", reading, reading / files * 1000, ""),
    ]


def make_workspace(root: Path, count: int) -> int:
    """Writes the small workspace with `count` more sessions, sealed; how many records it has."""
    shutil.copytree(small.ROOT, root)
    trust = root / "records/trust.md"
    text = trust.read_text(encoding="utf-8").replace("2026-11-20", _LAST_DAY)
    trust.write_text(text, encoding="utf-8")
    cycles = -(-count // _SESSIONS)
    for number in range(cycles):
        _write_cycle(root, f"c-bench{number:03}")
    book = load_book(root)
    days = school_days(book.calendars["otterbeck", "2026-27"])
    days = tuple(day for day in days if day >= date(2026, 9, 14))
    for number in range(count):
        cycle = f"c-bench{number // _SESSIONS:03}"
        _write_session(book, cycle, number, days[(number % _SESSIONS) * 4])
    return sum(1 for _ in (root / "records").rglob("*.md"))


def _write_cycle(root: Path, cycle: str) -> None:
    source = root / "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    place = root / f"records/otterbeck/2026-27/{cycle}/cycle.md"
    place.parent.mkdir(parents=True)
    text = source.read_text(encoding="utf-8").replace("c-0a1b2c3d", cycle)
    text = text.replace("planned_end: 2026-12-18", f"planned_end: {_LAST_DAY}")
    place.write_text(text, encoding="utf-8")


def _write_session(book: Book, cycle: str, number: int, day: date) -> None:
    one = f"s-bench{number:05}"
    path = f"records/otterbeck/2026-27/{cycle}/{day}-{one}.md"
    text = small.SESSION_TEXT.replace("s-7kq2m4xa", one).replace("c-0a1b2c3d", cycle)
    record = parse_record(path, text.replace("2026-11-12", str(day), 1).encode())
    assert isinstance(record, Record)
    (book.root / path).write_text(small.seal_sections(book, record), encoding="utf-8")


def _write_headers(root: Path, folder: Path) -> tuple[list[str], str]:
    """Every session's header as a file of its own, and the schema of its form."""
    folder.mkdir()
    paths = []
    for source in sorted((root / "records").rglob("*-s-bench*.md")):
        header = parse_header(source.read_text(encoding="utf-8"))
        place = folder / f"{source.stem}.yaml"
        fields = {key: str(field.raw) for key, field in header.fields.items()}
        place.write_text(format_header(fields).replace("---\n", ""), encoding="utf-8")
        paths.append(str(place))
    form = load_book(root).forms.latest("coaching-session")
    assert form is not None
    schema = folder / "schema.json"
    schema.write_text(json.dumps(_schema(form)), encoding="utf-8")
    return paths, str(schema)


def _schema(form: Form) -> dict[str, object]:
    """The form's fields as a JSON Schema; values are text, as they are written."""
    properties: dict[str, object] = {key: {"type": "string"} for key in form.implied()}
    properties |= {name: _property(field) for name, field in form.fields.items()}
    required = [*(key for key in form.implied() if key != "form")]
    required += [name for name, field in form.fields.items() if field.required]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _property(field: FieldForm) -> dict[str, object]:
    if field.choices:
        return {"enum": list(field.choices)}
    patterns = {"date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "integer": "^[0-9]+$"}
    pattern = patterns.get(field.type)
    return {"type": "string", "pattern": pattern} if pattern else {"type": "string"}


def _own(root: Path) -> None:
    command = [sys.executable, "-m", "coachbook", "check", "-C", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the workspace is not clean:\n{done.stdout[-2000:]}{done.stderr}")


def _peer(headers: list[str], schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", schema, *headers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the peer finds fault:\n{done.stdout[-2000:]}{done.stderr}")


def _read(root: Path) -> None:
    for path in (root / "records").rglob("*.md"):
        path.read_bytes()


def _median(work: Callable[[], None], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Prints one line a measurement."""
    for row in run():
        print(f"{row.name:20} {row.seconds:7.2f} s  {row.each:6.3f} ms a record  {row.ratio}")


if __name__ == "__main__":
    main()
