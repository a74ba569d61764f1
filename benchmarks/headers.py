"""The headers of sessions as files of their own, with a JSON Schema made from their form.

So check-jsonschema can be measured on the same headers. It follows no reference and knows no
policy, no calendar and no seal.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from benchmarks.process import spend
from coachbook.forms import builtin_forms
from coachbook.frontmatter import format_header, parse_header

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.process import Spent
    from coachbook.forms import FieldForm, Form

PEER = "check-jsonschema"
_SCHEMA = "schema.json"
_PATTERNS = {"date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "integer": "^[0-9]+$"}


def write_headers(root: Path, folder: Path, limit: int | None = None) -> int:
    """Writes each session's header into the new folder, at most so many; how many there are."""
    folder.mkdir()
    sources = sorted((root / "records").rglob("????-??-??-s-*.md"))
    for source in (chosen := list(islice(sources, limit))):
        header = parse_header(source.read_text(encoding="utf-8"))
        fields = {key: str(field.raw) for key, field in header.fields.items()}
        text = format_header(fields).replace("---\n", "")
        (folder / f"{source.stem}.yaml").write_text(text, encoding="utf-8")
    schema = json.dumps(_schema(_session_form()))
    (folder / _SCHEMA).write_text(schema, encoding="utf-8")
    return len(chosen)


def check_headers(folder: Path) -> Spent:
    """Checks them all in one process."""
    headers = sorted(path.name for path in folder.glob("*.yaml"))
    return spend(["check_jsonschema", "--schemafile", _SCHEMA, *headers], folder)


def _session_form() -> Form:
    return next(form for form in builtin_forms().newest() if form.type == "session")


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
