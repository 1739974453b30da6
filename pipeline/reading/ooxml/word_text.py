"""What one Word paragraph says: its text as a reader of the accepted document sees it, and what hangs on it.

Insertions are kept, deletions dropped, hidden text dropped, field results kept and field codes not; text boxes,
footnotes and diagrams that hang on the paragraph are handed back to be read after it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field

from pipeline.reading.ooxml.word_package import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
V = "{urn:schemas-microsoft-com:vml}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

SKIPPED = frozenset(
    W + name
    for name in (
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "pPr",
        "rPr",
        "sdtPr",
        "rt",
        "delInstrText",
        "commentReference",
    )
)
PICTURES = frozenset((A + "blip", V + "imagedata"))
BLANKS = frozenset(W + name for name in ("tab", "ptab", "br", "cr"))
HYPERLINK_FIELD = re.compile(r'HYPERLINK\s+"([^"]+)"')
SYMBOLS = {
    "F0FE": "☑",
    "F0FD": "☒",
    "F0A8": "☐",
    "F06F": "☐",
    "F0FC": "✓",
    "F0FB": "✗",
    "F052": "☑",
    "F0A3": "☐",
}
"""Wingdings characters that carry meaning on a form; its bullets and ornaments are dropped."""
TINY = 4
"""Half points: two points and less nobody reads."""
WHITE = re.compile(r"(?i)[f][0-9a-f][f][0-9a-f][f][0-9a-f]")
GROUNDS = frozenset((W + "txbxContent", V + "textbox"))
"""Shapes may be filled, which their text does not say."""
PLAIN_TABLES = ("", "TableGrid", "TableNormal", "a3", "a4")
OFF = ("0", "false", "off", "none")


@dataclass(slots=True)
class Paragraph:
    """A paragraph's text and looks.

    Attributes:
        text: as read, blanks not yet tidied.
        bold: every visible letter is bold (by the run's own property; ``None`` where no run says so).
        size: the largest size set on a run, in half points; 0 where none is set.
        hanging: text boxes, pictures, notes and diagrams to be read after the paragraph, in order.
        links: addresses named in fields or by hyperlink ids (ids are given as ``#rId``).
        hidden: text that nobody sees, and how it is hidden (``pipeline.blocks.HiddenText``).
        joins_next: its end was deleted by a tracked change: the next paragraph continues it.
    """

    text: str = ""
    bold: bool | None = None
    size: int = 0
    hanging: list[Hanging] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    joins_next: bool = False


@dataclass(frozen=True, slots=True)
class Hanging:
    """Content that stands outside the line of text: ``box``, ``picture`` (an element), or a reference by id."""

    kind: str
    element: Element | None = None
    id: str = ""


class RunReader:
    """Collects the text of one paragraph."""

    def __init__(self) -> None:
        self.paragraph = Paragraph()
        self._pieces: list[str] = []
        self._bold: list[bool | None] = []

    def read(self, element: Element) -> Paragraph:
        """Return what the ``w:p`` element says."""
        self._walk(element)
        read = self.paragraph
        read.text = "".join(self._pieces)
        read.bold = True if self._bold and all(self._bold) else (False if False in self._bold else None)
        read.joins_next = element.find(f"{W}pPr/{W}rPr/{W}del") is not None
        return read

    def _walk(self, element: Element) -> None:
        for child in element:
            tag = child.tag
            if tag == W + "r":
                self._run(child)
            elif tag == MC + "AlternateContent":
                self._alternative(child)
            elif tag == W + "txbxContent":
                self.paragraph.hanging.append(Hanging("box", child))
            elif tag == DGM + "relIds":
                self.paragraph.hanging.append(Hanging("diagram", id=child.get(R + "dm", "")))
            elif tag in PICTURES:
                self.paragraph.hanging.append(Hanging("picture", child))
            elif tag == M + "t":
                self._pieces.append(child.text or "")
            elif tag not in SKIPPED and isinstance(tag, str):
                if tag == W + "hyperlink" and child.get(R + "id"):
                    self.paragraph.links.append("#" + child.get(R + "id"))
                self._walk(child)

    def _alternative(self, element: Element) -> None:
        """The same content stands twice, for new and old Word: one is read."""
        choice = element.find(MC + "Choice")
        chosen = choice if choice is not None else element.find(MC + "Fallback")
        if chosen is not None:
            self._walk(chosen)

    def _run(self, run: Element) -> None:
        looks = run.find(W + "rPr")
        if looks is not None and is_on(looks.find(W + "vanish")):
            self.paragraph.hidden.append(("".join(run.itertext(W + "t")), "vanish"))
            return
        before = len(self._pieces)
        for child in run:
            self._run_content(child)
        text = "".join(self._pieces[before:])
        if text.strip():
            self._note_looks(looks)
            if looks is not None and (how := unseen(run, looks)):
                self.paragraph.hidden.append((text, how))

    def _run_content(self, child: Element) -> None:
        tag = child.tag
        if tag == W + "t":
            self._pieces.append(child.text or "")
        elif tag in BLANKS:
            self._pieces.append(" ")
        elif tag == W + "noBreakHyphen":
            self._pieces.append("-")
        elif tag == W + "sym":
            self._pieces.append(_symbol(child))
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            kind = "footnote" if tag == W + "footnoteReference" else "endnote"
            self.paragraph.hanging.append(Hanging(kind, id=child.get(W + "id", "")))
        elif tag == W + "instrText":
            self.paragraph.links.extend(HYPERLINK_FIELD.findall(child.text or ""))
        elif tag == MC + "AlternateContent":
            self._alternative(child)
        elif tag == W + "object":
            self._walk(_without_preview(child))
        elif tag not in SKIPPED and isinstance(tag, str):
            self._walk(child)

    def _note_looks(self, looks: Element | None) -> None:
        bold, size = run_looks(looks)
        self._bold.append(bold)
        self.paragraph.size = max(self.paragraph.size, size)


def read_paragraph(element: Element) -> Paragraph:
    """Return what the ``w:p`` element says."""
    return RunReader().read(element)


def run_looks(looks: Element | None) -> tuple[bool | None, int]:
    """Return (bold, size in half points) of a ``w:rPr``; None and 0 where it does not say.

    Thai letters take the complex-script properties (``bCs``, ``szCs``), which many programs set alone or not at all.
    """
    if looks is None:
        return None, 0
    marks = [mark for mark in (looks.find(W + "b"), looks.find(W + "bCs")) if mark is not None]
    bold = any(is_on(mark) for mark in marks) if marks else None
    sizes = [_number(looks.find(W + name)) for name in ("sz", "szCs")]
    return bold, max(sizes)


def unseen(run: Element, looks: Element) -> str | None:
    """Tell how a run is hidden that is not marked so: white on no ground of its own, or too small to read."""
    sizes = [size for name in ("sz", "szCs") if (size := _number(looks.find(W + name)))]
    if sizes and max(sizes) <= TINY:
        return "tiny"
    colour = looks.find(W + "color")
    if colour is None or not WHITE.fullmatch(str(colour.get(W + "val", ""))) or _has_ground(run, looks):
        return None
    return "white"


def _has_ground(run: Element, looks: Element) -> bool:
    """Tell whether white letters may stand on a ground: shading of run, paragraph or cell, a text box, a styled table."""
    if looks.find(W + "highlight") is not None or looks.find(W + "shd") is not None:
        return True
    above = run.getparent()
    while above is not None:
        if above.tag in GROUNDS:
            return True
        for name in ("pPr", "tcPr"):
            if above.find(f"{W}{name}/{W}shd") is not None:
                return True
        style = above.find(f"{W}tblPr/{W}tblStyle") if above.tag == W + "tbl" else None
        if style is not None and str(style.get(W + "val", "")) not in PLAIN_TABLES:
            return True
        above = above.getparent()
    return False


def is_on(switch: Element | None) -> bool:
    """Tell whether an on/off property is there and on."""
    return switch is not None and str(switch.get(W + "val", "1")).lower() not in OFF


def _number(element: Element | None) -> int:
    value = "" if element is None else str(element.get(W + "val", ""))
    return int(value) if value.isdigit() and len(value) < 6 else 0


def _symbol(element: Element) -> str:
    code = str(element.get(W + "char", "")).upper()
    if code in SYMBOLS:
        return SYMBOLS[code]
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= value <= 0xF8FF or value > 0x10FFFF else chr(value)


def _without_preview(embedded: Element) -> Element:
    """Return an embedded object without the picture that stands for it: the object itself is read as a document."""
    bare = deepcopy(embedded)
    for picture in list(bare.iter(V + "imagedata")):
        picture.getparent().remove(picture)
    return bare
