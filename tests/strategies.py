"""Hypothesis strategies for headers and records."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from importlib import resources

from hypothesis import strategies as st

from coachbook.age.armor import armor
from coachbook.frontmatter import Value, format_header
from coachbook.header_lines import UNSEEN
from coachbook.record import format_block
from coachbook.signature_lines import SignatureLines

SECTION_NAMES = ("Pupil learning", "Notes", "Practice", "Action steps")

keys = st.from_regex(r"[a-z][a-z_]{0,8}(\.[a-z]{1,6})?", fullmatch=True).filter(
    lambda key: key not in {"true", "false", "null"}
)
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="[{"), max_size=24
).filter(lambda text: not UNSEEN.search(text)) | st.sampled_from(
    ["no", "012", "12:30", "1.10", "a: b", "@x", "- a", "# a", "=", "<<", "2026-02-30"]
)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
scalars = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | days | texts
values: st.SearchStrategy[Value] = scalars | st.lists(scalars, max_size=4).map(tuple)
headers = st.dictionaries(keys, values, max_size=8)

line_breaks = st.sampled_from(["\n", "\r\n"])
prose = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="#`~"), max_size=30
)
paragraphs = st.lists(prose, max_size=4).map("\n".join)


signatures = st.builds(
    SignatureLines,
    signer=st.from_regex(r"\Ap-[a-z0-9]{4,16}\Z"),
    key=st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26),
    day=st.dates().map(lambda day: day.isoformat()),
    signature=st.binary(min_size=64, max_size=64).map(lambda data: b64encode(data).decode()),
)
"""What may stand in the fence of a signature; whose it is is noise."""


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """A sealed block as it stands in a record, signed or not; what is in it is noise."""
    noise = draw(st.binary(min_size=1, max_size=150))
    info = draw(st.lists(st.sampled_from(["coach", "coachee", "monitor"]), unique=True))
    signature = draw(st.none() | signatures)
    return format_block(info, draw(st.integers(1, 99)), armor(noise), signature)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Sections with text or a sealed block, each name once."""
    names = draw(st.lists(st.sampled_from(SECTION_NAMES), unique=True))
    gaps = st.sampled_from(["", "\n", "\n\n"])
    parts = [
        f"## {name}\n{draw(gaps)}{draw(paragraphs | blocks())}\n{draw(gaps)}" for name in names
    ]
    return "".join(parts)


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    """The bytes of a record that can be read, with either line ending, with or without BOM."""
    header = {"type": "session", "id": "s-7kq2m4xa", **draw(headers)}
    newline = draw(line_breaks)
    text = (format_header(header) + draw(st.sampled_from(["", "\n"])) + draw(bodies())).replace(
        "\n", newline
    )
    bom = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return bom + text.encode("utf-8")


@st.composite
def form_files(draw: st.DrawFn) -> bytes:
    """A form that comes along, with lines lost, doubled, or with a word put in another place."""
    files = sorted(resources.files("coachbook").joinpath("_forms").iterdir(), key=lambda f: f.name)
    lines = draw(st.sampled_from(files)).read_text(encoding="utf-8").splitlines()
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(1, len(lines) - 1))
        words = draw(st.sampled_from(lines)).split(" ")
        change = draw(st.sampled_from(["lose", "double", "exchange"]))
        if change == "exchange":
            lines[at] = lines[at].replace(draw(st.sampled_from(lines[at].split(" "))), words[-1], 1)
        else:
            lines[at : at + 1] = [] if change == "lose" else [lines[at]] * 2
    lines[0] = "form: tried"
    return "\n".join(lines).encode()
