"""How long `check` takes on 2,000 sessions, beside check-jsonschema on the same headers.

Both are whole processes that keep nothing from an earlier run. The peer
validates each session's header against a JSON Schema made from the form; it
follows no reference and knows no policy, no calendar and no seal.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.process import race, spend
from benchmarks.table import OURS, Aim, Row, Table
from benchmarks.workspace import Size, make_workspace
from coachbook.book import load_book
from coachbook.frontmatter import format_header, parse_header

if TYPE_CHECKING:
    from coachbook.forms import FieldForm, Form

PEER = "check-jsonschema"
READING = "reading the files"
AIM = Aim(PEER, 10)

_PATTERNS = {"date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "integer": "^[0-9]+$"}


def run(sessions: int = 2000, runs: int = 3) -> Table:
    """Makes a workspace with so many sessions, and measures everybody on it in turn."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        make_workspace(root, Size(sessions))
        files = sum(1 for _ in (root / "records").rglob("*.md"))
        headers, schema = _write_headers(root, Path(folder) / "headers")
        spent = race(
            {
                OURS: lambda: spend(["coachbook", "check"], root),
                PEER: lambda: spend(["check_jsonschema", "--schemafile", schema, *headers], root),
            },
            runs,
        )
        reading = min(_read(root) for _ in range(runs))
    return Table(
        f"check, cold: {files:,} records, of which {sessions:,} are sessions with sealed sections",
        "record",
        (
            Row(OURS, spent[OURS].seconds, files, spent[OURS].megabytes),
            Row(PEER, spent[PEER].seconds, sessions, spent[PEER].megabytes),
            Row(READING, reading, files),
        ),
        AIM,
        (_remark(spent[PEER].seconds / sessions),),
    )


def _remark(each: float) -> str:
    """Why the aim is as far away as it is."""
    return (
        f"the aim was set when the peer took 2.8 ms a header; here it takes {each * 1000:.1f} ms, "
        f"so ten times faster is {each * 100:.2f} ms a record, sealed parts, references, "
        "calendar and policy included"
    )


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
    schema = folder / "schema.json"
    schema.write_text(json.dumps(_schema(_session_form(root))), encoding="utf-8")
    return paths, str(schema)


def _session_form(root: Path) -> Form:
    return next(form for form in load_book(root).forms.newest() if form.type == "session")


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
    pattern = _PATTERNS.get(field.type)
    return {"type": "string", "pattern": pattern} if pattern else {"type": "string"}


def _read(root: Path) -> float:
    start = time.perf_counter()
    for path in (root / "records").rglob("*.md"):
        path.read_bytes()
    return time.perf_counter() - start
