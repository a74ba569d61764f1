r"""The body of a record: sections, fences and sealed blocks, found in one pass.

    ## Notes

    ```age coach, coachee, monitor
    revision: 3
    -----BEGIN AGE ENCRYPTED FILE-----
    ...
    -----END AGE ENCRYPTED FILE-----
    ```

Outside fences, and only there, a line `## Name` begins a section. What merely looks like one is
left to `section_syntax`. A fence that is called `age` and holds anything but a revision and
armor is a fault, because plain text in it would pass for sealed. The same goes for the fence
`age-signature`, which belongs to the block before it and has no place anywhere else.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from coachbook.diagnostics import Span
from coachbook.signature_lines import NAME as SIGNATURE
from coachbook.signature_lines import SignatureLines, format_signature, parse_signature
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
_END = "-----END AGE ENCRYPTED FILE-----"
_MARK = re.compile(
    r"\n(?:##[ \t]+(?P<name>\S[^\n]*)"
    r"|(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*))"
)
_BLOCK_START = re.compile(rf"\n+revision: ([1-9][0-9]{{0,8}})\n+(?={_BEGIN}\n)")
_ARMOR = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n"
_INK = re.compile(r"\S")
_FENCE_INDENT = 3
_AGE = "age"
_MANY = 1024
"""So many lines that open a fence are known again: the same few stand in most records."""
_RESTORE = "restore the last good copy of the record"


@frozen(repr=False)
class SealedBlock:
    """A fenced age block; `start` and `end` are its offsets in the source, with its signature."""

    info: tuple[str, ...]
    revision: int
    armor: str
    span: Span
    start: int
    end: int
    signature: SignatureLines | None = None

    def __repr__(self) -> str:
        """Shows the place only; armor is long."""
        return f"SealedBlock(line {self.span.line}, revision={self.revision})"


@frozen
class Section:
    """A heading and what stands under it: source[start:end], from `first_line` on.

    `stray` is the first text that stands outside a sealed block.
    """

    name: str
    heading: Span
    start: int
    end: int
    first_line: int
    blocks: tuple[SealedBlock, ...]
    stray: Span | None


@frozen
class LayoutFault:
    """What is wrong with the body's shape; quotes none of it."""

    span: Span
    code: str
    message: str
    hint: str


@frozen
class Layout:
    """A body taken apart; `open` are the offsets outside every fence."""

    sections: tuple[Section, ...]
    preamble_blocks: tuple[SealedBlock, ...]
    preamble_stray: Span | None
    open: tuple[tuple[int, int], ...]
    faults: tuple[LayoutFault, ...]


def parse_layout(source: str, body: int, body_line: int) -> Layout:
    """The body that begins at offset `body`, on line `body_line`, taken apart."""
    scan = _Scan(source, body, body_line)
    scan.run()
    preamble, *parts = scan.parts
    return Layout(
        tuple(part.section(source) for part in parts),
        tuple(preamble.blocks),
        preamble.stray(source),
        tuple(scan.open),
        tuple(scan.faults),
    )


def format_block(
    info: Sequence[str], revision: int, armor: str, signature: SignatureLines | None = None
) -> str:
    """The fenced block as it stands in a record, without a line break behind it."""
    opening = f"```age {', '.join(info)}".rstrip()
    block = f"{opening}\nrevision: {revision}\n{armor.strip()}\n```"
    return f"{block}\n\n{format_signature(signature)}" if signature else block


class _Part:
    """The preamble or a section while the pass is under way."""

    __slots__ = ("blocks", "end", "first_line", "heading", "name", "start")

    def __init__(self, name: str, heading: Span, start: int, first_line: int) -> None:
        self.name = name
        self.heading = heading
        self.start = start
        self.end = start
        self.first_line = first_line
        self.blocks: list[SealedBlock] = []

    def section(self, source: str) -> Section:
        place = (self.heading, self.start, self.end, self.first_line)
        return Section(self.name, *place, tuple(self.blocks), self.stray(source))

    def stray(self, source: str) -> Span | None:
        """The place of the first text outside the blocks."""
        at = self.start
        for block in self.blocks:
            if found := _INK.search(source, at, block.start):
                return self._place(source, found.start())
            at = block.end
        found = _INK.search(source, at, self.end)
        return self._place(source, found.start()) if found else None

    def _place(self, source: str, offset: int) -> Span:
        line = self.first_line + source.count("\n", self.start, offset)
        return Span(line, offset - source.rfind("\n", 0, offset))


class _Scan:
    """One pass over a body from mark to mark: headings and fences."""

    def __init__(self, source: str, body: int, body_line: int) -> None:
        self.parts = [_Part("", Span(body_line), body, body_line)]
        self.open: list[tuple[int, int]] = []
        self.faults: list[LayoutFault] = []
        self._source = source
        self._body = body
        self._counted = body
        self._line = body_line

    def run(self) -> None:
        source = self._source
        # A mark is found by the line break before it; the body follows one.
        at, opened = self._body - 1, self._body
        while mark := _MARK.search(source, at):
            start = mark.start() + 1
            at = mark.end()
            if mark["name"] is not None:
                self._begin_section(start, at, mark["name"])
            elif self._is_fence(mark):
                end = self._take_fence(start, mark)
                self.open.append((opened, start))
                at = opened = end
        self.open.append((opened, len(source)))
        self.parts[-1].end = len(source)

    def line(self, offset: int) -> int:
        """The line of an offset at or behind the last one asked for."""
        self._line += self._source.count("\n", self._counted, offset)
        self._counted = offset
        return self._line

    def _begin_section(self, start: int, end: int, name: str) -> None:
        self.parts[-1].end = start
        name = name.rstrip()
        line = self.line(start)
        heading = Span(line, 1, len(self._source[start:end].rstrip()) + 1)
        behind = min(end + 1, len(self._source))
        self.parts.append(_Part(name, heading, behind, line + 1))

    @staticmethod
    def _is_fence(mark: re.Match[str]) -> bool:
        """As Markdown has it; only a fence of ours may be indented further."""
        if mark["fence"][0] == "`" and "`" in mark["info"]:
            return False
        indent = mark["indent"]
        return bool(_ours(mark["info"])) or ("\t" not in indent and len(indent) <= _FENCE_INDENT)

    def _take_fence(self, start: int, mark: re.Match[str]) -> int:
        """Where the fence ends; its block goes to the part it stands in."""
        kind = _ours(mark["info"])
        fence = mark["fence"]
        close = self._find_close(mark.end(), fence, loose=bool(kind))
        span = Span(self.line(start), 1)
        if close is None:
            self.faults.append(_unclosed(span, kind))
            return len(self._source)
        if kind:
            take = self._take_block if kind == _AGE else self._take_signature
            content = self._source[mark.end() : close.start() + 1]
            take(mark["info"], content, span, (start, close.end()))
        return close.end()

    def _find_close(self, at: int, fence: str, *, loose: bool) -> re.Match[str] | None:
        """The line that closes a fence: looked for from where its signs next stand, if at all."""
        signs = self._source.find(fence, at)
        line = self._source.rfind("\n", at, signs)
        pattern = _closing(fence[0], len(fence), loose=loose)
        return None if signs < 0 else pattern.search(self._source, max(at, line))

    def _take_block(self, info: str, content: str, span: Span, bounds: tuple[int, int]) -> None:
        found = _parse_block(content)
        if found is None:
            self.faults.append(_malformed(span))
            return
        self.parts[-1].blocks.append(SealedBlock(_names(info), *found, span, *bounds))

    def _take_signature(self, info: str, content: str, span: Span, bounds: tuple[int, int]) -> None:
        """Gives a signature to the block right before it, which has none yet."""
        blocks = self.parts[-1].blocks
        found = parse_signature(content) if info.strip() == SIGNATURE else None
        start, end = bounds
        if found is None:
            self.faults.append(_malformed_signature(span))
        elif not blocks or blocks[-1].signature or self._source[blocks[-1].end : start].strip():
            self.faults.append(_stray_signature(span))
        else:
            last = blocks[-1]  # made anew by hand: `replace` takes as long as the rest of a block
            said = (last.info, last.revision, last.armor, last.span, last.start)
            blocks[-1] = SealedBlock(*said, end, found)


def _parse_block(content: str) -> tuple[int, str] | None:
    """Revision and armor in the lines of a fence; None if anything else stands there.

    What editors and mail put round lines is taken off. Whether the armor is canonical is for
    the opener to say; here it is made sure that no plain sentence can stand in it.
    """
    return _parse_exact(content) or _parse_exact(
        "\n".join([line.strip() for line in content.split("\n")])
    )


def _parse_exact(content: str) -> tuple[int, str] | None:
    """The same where nothing has to be taken off; taking letters away is faster than a pattern."""
    start, end = _BLOCK_START.match(content), content.rfind(_END)
    if start is None or content[end + len(_END) :].strip("\n") or not content.endswith("\n"):
        return None
    inside = content[start.end() + len(_BEGIN) + 1 : end]
    if not inside or inside.encode("utf-8", "replace").translate(None, _ARMOR):
        return None
    return int(start[1]), content[start.end() : end + len(_END) + 1]


@lru_cache(_MANY)
def _names(info: str) -> tuple[str, ...]:
    """Whom the line that opens a sealed block names for people."""
    words = info.strip()[len(_AGE) :].split(",")
    return tuple([name for word in words if (name := word.strip())])


@lru_cache(_MANY)
def _ours(info: str) -> str:
    """The name of a fence that is ours: `age` or `age-signature`; "" of any other."""
    name = info.split(None, 1)[0] if info.strip() else ""
    return name if name in {_AGE, SIGNATURE} else ""


@cache
def _closing(sign: str, length: int, *, loose: bool) -> re.Pattern[str]:
    indent = "[ \t]*" if loose else "[ ]{0,3}"
    return re.compile(rf"\n{indent}{sign}{{{length},}}(?=[ \t]*\r?(?:\n|\Z))")


def _unclosed(span: Span, kind: str) -> LayoutFault:
    if kind:
        what = "sealed block" if kind == _AGE else "signature"
        return LayoutFault(span, "CB504", f"the {what} that opens here never ends", _RESTORE)
    hint = "close it with the same signs on a line of their own"
    return LayoutFault(span, "CB108", "the code fence that opens here is never closed", hint)


def _malformed(span: Span) -> LayoutFault:
    message = "the sealed block here is damaged: expected a revision and one age file in armor"
    return LayoutFault(span, "CB504", message, _RESTORE)


def _malformed_signature(span: Span) -> LayoutFault:
    message = "the signature here is damaged: expected signer, key, day and signature"
    return LayoutFault(span, "CB504", message, _RESTORE)


def _stray_signature(span: Span) -> LayoutFault:
    message = "a signature stands here without the sealed block that it belongs to"
    return LayoutFault(span, "CB504", message, _RESTORE)
