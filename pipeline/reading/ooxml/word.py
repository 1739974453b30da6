"""Reads Word files: everything the accepted document says, in its order, one block per paragraph or table row.

python-docx opens the package (``word_package``), but its own paragraphs leave out tables, text boxes, insertions, content
controls, notes and numbers; so the XML is walked here. Headers and footers are kept apart: they are not blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from docx.document import Document

from pipeline.blocks import HiddenText
from pipeline.reading.limits import Limits
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.ooxml.word_blocks import Item, make_blocks
from pipeline.reading.ooxml.word_numbering import Numbering
from pipeline.reading.ooxml.word_package import Element, open_word, related, root_of
from pipeline.reading.ooxml.word_pictures import Pictures, picture_of
from pipeline.reading.ooxml.word_remarks import remarks
from pipeline.reading.ooxml.word_styles import Style, Styles, numbering_of, outline_level
from pipeline.reading.ooxml.word_table import TableReader
from pipeline.reading.ooxml.word_text import DGM, MC, A, Hanging, Paragraph, W, read_paragraph
from pipeline.reading.outcomes import error
from pipeline.reading.sandbox import wire
from pipeline.reading.sandbox.wire import Note, Result

LONGEST_HIDDEN = 4000
DEEPEST = 60
"""Containers in containers read; deeper ones are made to trap (Word itself stops far earlier)."""
WRAPPERS = frozenset(
    W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink")
) | {MC + "Choice"}
GONE = frozenset((W + "del", W + "moveFrom"))
NOTE_PARTS = {"footnote": "footnotes", "endnote": "endnotes"}


def read_docx(
    path: Path, limits: Limits, ocr: OcrSettings | None = None, alive: Callable[[], None] = lambda: None
) -> Result:
    """Read the Word file at ``path`` to blocks.

    Args:
        ocr: how to read large pictures; None leaves them out and tells.
        alive: called after each picture read.

    Returns:
        A result without pages (Word knows none until it prints) and without boxes.

    Raises:
        DocumentTooLarge, BrokenDocument: nothing can be read.
    """
    document = open_word(path, limits)
    root: Element = document.part.element
    if (body := root.find(W + "body")) is None:
        raise error("broken")
    walker = Walker(document, limits, Pictures(path, root, limits, ocr, alive))
    walker.walk(body, 0)
    tracked = next(root.iter(W + "ins", W + "del", W + "moveFrom", W + "moveTo"), None) is not None
    notes = [Note("tracked_changes")] if tracked else []
    if walker.cut:
        notes.append(Note("text_left_out"))
    blocks = make_blocks(walker.items, walker.body_size)
    notes += walker.pictures.notes(bool(blocks)) + remarks(path, root, limits)
    return Result(
        blocks=tuple(blocks),
        notes=tuple(notes),
        links=tuple(dict.fromkeys(walker.links)),
        hidden=tuple(hidden_by_kind(walker.hidden)),
    )


def hidden_by_kind(pieces: list[tuple[str, str]]) -> Iterator[HiddenText]:
    """Return the hidden text of a document, one for each way of hiding: runs are cut anywhere, and pages unknown."""
    for how in dict.fromkeys(how for _, how in pieces):
        text = " ".join(text.strip() for text, kind in pieces if kind == how and text.strip())
        if text:
            yield HiddenText(None, wire.clean(text)[:LONGEST_HIDDEN], how)  # type: ignore[arg-type]


class Walker:
    """Walks a document's content in order and collects its items."""

    def __init__(self, document: Document, limits: Limits, pictures: Pictures) -> None:
        self.pictures = pictures
        self.items: list[Item] = []
        self.links: list[str] = []
        self.hidden: list[tuple[str, str]] = []
        self.cut = False
        self._document = document
        self._relationships = document.part.rels
        self._styles = Styles(related(document, "styles"))
        self._numbering = Numbering(related(document, "numbering"))
        self._notes: dict[str, dict[str, Element]] = {}
        self._begun = Paragraph()
        self._left = limits.text_characters

    @property
    def body_size(self) -> int:
        """Size of body text by the default style, in half points; 0 where it is not said."""
        return self._styles.of(None).size

    def walk(self, container: Element, depth: int) -> None:
        """Read all that stands in a body, cell, text box or note."""
        for child in contents(container, depth):
            if self.cut:
                return
            if child.tag == W + "p":
                self._paragraph(child, depth)
            else:
                self._table(child, depth)

    def _paragraph(self, element: Element, depth: int) -> None:
        read = read_paragraph(element)
        read.text = self._begun.text + read.text
        read.hanging = self._begun.hanging + read.hanging
        self._begun = Paragraph()
        self._follow_links(read.links)
        self.hidden += read.hidden
        if read.joins_next:
            self._begun = read
            return
        properties = element.find(W + "pPr")
        style = self._style(properties)
        item = self._item(read, properties, style)
        if item is not None:
            self._add(item)
        self.hang(read.hanging, depth)

    def _style(self, properties: Element | None) -> Style:
        named = None if properties is None else properties.find(W + "pStyle")
        return self._styles.of(None if named is None else named.get(W + "val"))

    def _item(self, read: Paragraph, properties: Element | None, style: Style) -> Item | None:
        if not read.text.strip():
            return None
        numbering = numbering_of(properties, style.numbering)
        label = self._numbering.label(numbering) if numbering else None
        outline = outline_level(properties)
        level = style.level if outline is None else outline or None
        return Item(
            text=(label or "") + read.text,
            level=level,
            listed=label is not None,
            caption=style.caption,
            contents=style.contents,
            bold=bool(style.bold if read.bold is None else read.bold),
            size=read.size or style.size,
        )

    def _table(self, element: Element, depth: int) -> None:
        TableReader(self, depth).read(element)

    def cell_paragraph(self, element: Element) -> tuple[str, list[Hanging], bool]:
        """Return a cell's paragraph: text with its list label, what hangs on it, and whether it is bold."""
        read = read_paragraph(element)
        self._follow_links(read.links)
        self.hidden += read.hidden
        properties = element.find(W + "pPr")
        item = self._item(read, properties, self._style(properties))
        return (item.text, read.hanging, item.bold) if item else ("", read.hanging, False)

    def hang(self, hanging: list[Hanging], depth: int) -> None:
        """Read what hangs on a paragraph: text boxes, diagrams, notes."""
        for thing in hanging:
            if thing.kind == "box":
                self.walk(thing.element, depth + 1)
            elif thing.kind == "picture":
                for block in self.pictures.read(picture_of(thing.element), thing.element):
                    self._add(Item(block.text, read=block))
            elif thing.kind == "diagram":
                self._diagram(thing.id)
            else:
                self._note(thing, depth)

    def _note(self, thing: Hanging, depth: int) -> None:
        note = self._notes_of(thing.kind).get(thing.id)
        if note is not None:
            self.walk(note, depth + 1)

    def _notes_of(self, kind: str) -> dict[str, Element]:
        if kind not in self._notes:
            root = related(self._document, NOTE_PARTS[kind])
            found = [] if root is None else root.findall(W + kind)
            self._notes[kind] = {
                node.get(W + "id", ""): node for node in found if node.get(W + "type") is None
            }
        return self._notes[kind]

    def _diagram(self, identifier: str) -> None:
        relationship = self._relationships.get(identifier)
        if relationship is None or relationship.is_external:
            return
        for point in root_of(relationship.target_part).iter(DGM + "t"):
            for paragraph in point.iter(A + "p"):
                text = "".join(piece.text or "" for piece in paragraph.iter(A + "t"))
                if text.strip():
                    self._add(Item(text))

    def _follow_links(self, links: list[str]) -> None:
        """Note addresses; ids of hyperlinks are looked up. Nothing is ever fetched."""
        for link in links:
            relationship = self._relationships.get(link[1:]) if link.startswith("#") else None
            address = relationship.target_ref if relationship and relationship.is_external else link
            if "://" in address:
                self.links.append(wire.clean(address)[:2000])

    def add_rows(self, rows: list[Item]) -> None:
        """Take in rows of a table."""
        for row in rows:
            self._add(row)

    def _add(self, item: Item) -> None:
        self._left -= len(item.text)
        if self._left < 0:
            self.cut = True
        else:
            self.items.append(item)


def contents(container: Element, depth: int) -> Iterator[Element]:
    """Yield the paragraphs and tables directly in ``container``, through wrappers that say nothing themselves."""
    if depth > DEEPEST:
        return
    for child in container:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag == MC + "AlternateContent":
            chosen = child.find(MC + "Choice")
            if chosen is None:
                chosen = child.find(MC + "Fallback")
            if chosen is not None:
                yield from contents(chosen, depth + 1)
        elif child.tag in WRAPPERS and child.tag not in GONE:
            yield from contents(child, depth + 1)
