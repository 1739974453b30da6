"""What Word's styles say about a paragraph: heading level, list, caption, boldness, size, along the chain of styles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.reading.ooxml.word_package import Element
from pipeline.reading.ooxml.word_text import W, run_looks

HEADING_NAME = re.compile(r"(?i)^(?:heading|หัวเรื่อง|หัวข้อ)\s*(\d)")
TITLE_NAME = re.compile(r"(?i)^(?:title|ชื่อเรื่อง)$")
CAPTION_NAME = re.compile(r"(?i)^(?:caption|คำอธิบายภาพ|table of figures caption)$")
CONTENTS_NAME = re.compile(r"(?i)^(?:toc|สารบัญ)\s*\d")
CHAIN = 20
"""Longest chain of basedOn followed; longer ones are made to trap."""


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with all that it inherits.

    Attributes:
        level: heading level, 1 the highest; None where it is no heading.
        numbering: (numId, ilvl) of the list it belongs to; None where it does not say.
        caption, contents: it is for captions, for lines of a table of contents.
        bold: True or False where said, else None.
        size: half points, 0 where not said.
    """

    level: int | None = None
    numbering: tuple[str, int] | None = None
    caption: bool = False
    contents: bool = False
    bold: bool | None = None
    size: int = 0


PLAIN = Style()


class Styles:
    """All styles of a document by id."""

    def __init__(self, root: Element | None) -> None:
        self._nodes: dict[str, Element] = {}
        self._read: dict[str, Style] = {}
        self._default = PLAIN
        if root is None:
            return
        for node in root.iter(W + "style"):
            self._nodes.setdefault(node.get(W + "styleId", ""), node)
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        bold, size = run_looks(defaults)
        self._default = Style(bold=bold, size=size)
        usual = next((k for k, n in self._nodes.items() if _is_default_paragraph(n)), None)
        if usual is not None:
            self._default = self.of(usual)

    def of(self, style_id: str | None) -> Style:
        """Return the style with this id; the default one where it is unknown or None."""
        if style_id is None or style_id not in self._nodes:
            return self._default
        if style_id not in self._read:
            self._read[style_id] = self._resolved(style_id)
        return self._read[style_id]

    def _resolved(self, style_id: str) -> Style:
        chain: list[Element] = []
        seen: set[str] = set()
        current: str | None = style_id
        while current and current in self._nodes and current not in seen and len(chain) < CHAIN:
            seen.add(current)
            chain.append(self._nodes[current])
            based_on = self._nodes[current].find(W + "basedOn")
            current = None if based_on is None else based_on.get(W + "val")
        style = Style(bold=self._default.bold, size=self._default.size)
        for node in reversed(chain):
            style = _refined(style, node)
        return style


def _refined(style: Style, node: Element) -> Style:
    """Return ``style`` as changed by what ``node`` itself says."""
    named = node.find(W + "name")
    name = "" if named is None else str(named.get(W + "val", ""))
    properties = node.find(W + "pPr")
    bold, size = run_looks(node.find(W + "rPr"))
    return replace(
        style,
        level=_level(name, properties, style.level),
        numbering=numbering_of(properties, style.numbering),
        caption=style.caption or bool(CAPTION_NAME.match(name)),
        contents=style.contents or bool(CONTENTS_NAME.match(name)),
        bold=style.bold if bold is None else bold,
        size=size or style.size,
    )


def _level(name: str, properties: Element | None, inherited: int | None) -> int | None:
    if TITLE_NAME.match(name):
        return 1
    outline = outline_level(properties)
    if outline is not None:
        return outline or None
    numbered = HEADING_NAME.match(name)
    return int(numbered[1]) if numbered else inherited


def outline_level(properties: Element | None) -> int | None:
    """Return the outline level of a ``w:pPr``: 1 to 9, 0 for body text, None where it does not say."""
    node = None if properties is None else properties.find(W + "outlineLvl")
    value = "" if node is None else str(node.get(W + "val", ""))
    if not value.isdigit():
        return None
    return int(value) + 1 if int(value) < 9 else 0


def numbering_of(properties: Element | None, inherited: tuple[str, int] | None) -> tuple[str, int] | None:
    """Return (numId, ilvl) of a ``w:pPr``; what it leaves out is inherited; numId 0 takes numbering away."""
    node = None if properties is None else properties.find(W + "numPr")
    if node is None:
        return inherited
    number, level = node.find(W + "numId"), node.find(W + "ilvl")
    which = (
        inherited[0]
        if number is None and inherited
        else ("0" if number is None else str(number.get(W + "val")))
    )
    depth = "" if level is None else str(level.get(W + "val", ""))
    ilvl = min(int(depth), 8) if depth.isdigit() else (inherited[1] if inherited else 0)
    return None if which == "0" else (which, ilvl)


def _is_default_paragraph(node: Element) -> bool:
    return node.get(W + "type") == "paragraph" and node.get(W + "default") in ("1", "true")
