"""Marks on the pages of a PDF: highlight annotations with appearances of their own, bookmarks, a note that it is a copy.

Appearances are our own, multiplied onto the page, since viewers draw highlights without one in different ways and places.
Thai stands in the notes, never on the page: no common tool can show Thai in an annotation's own text.
Runs in a worker: the file comes from outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from pipeline.export.marking.colours import Look, look_of
from pipeline.export.marking.page_space import PageSpace, Point
from pipeline.export.marking.point_marks import Mark
from pipeline.export.marking.told import Told
from rubric.exceptions import BrokenDocument, EncryptedDocument
from rubric.language import Bilingual

MOST_PAGES = 5000
BOOKMARKS = "khetcheck: ข้อความตามประเด็น"
SIZE = 11.0
"""Of the little field that bears a point's number, in points."""
Quad = tuple[Point, Point, Point, Point]
_PRINT = 4  # flag of an annotation: it is printed, too
_NOTE = (
    "1 0.92 0.55 rg 0.55 0.45 0.1 RG 1 w 0.5 0.5 17 17 re B "
    "0.55 0.45 0.1 rg 4 12 10 1.5 re 4 8.5 10 1.5 re 4 5 7 1.5 re f"
)


def mark_pdf(source: Path, out: Path, marks: Sequence[Mark], head: str) -> Told:
    """Write a marked copy of ``source`` to ``out``; its pages' own content stays as it is.

    Args:
        head: what the first note says.

    Raises:
        EncryptedDocument, BrokenDocument: it cannot be opened.
    """
    try:
        with pikepdf.open(source) as pdf:
            signatures = _signatures(pdf)
            locked = pdf.is_encrypted
            places = _Pages(pdf, head, signatures, locked)
            for mark in marks:
                places.add(mark)
            places.write()
            pdf.save(out, encryption=False)
            return Told(
                placed=places.placed, lost=len(marks) - places.placed, signatures=signatures, locked=locked
            )
    except pikepdf.PasswordError as error:
        raise EncryptedDocument(
            Bilingual("ไฟล์ถูกล็อกด้วยรหัสผ่าน", "The file is locked by a password.")
        ) from error
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RuntimeError) as error:
        raise BrokenDocument(Bilingual("ไฟล์เสียหาย", "The file is damaged.")) from error


class _Pages:
    """The open copy, mark by mark."""

    def __init__(self, pdf: pikepdf.Pdf, head: str, signatures: int, locked: bool) -> None:
        self.pdf = pdf
        self.placed = 0
        self._annotations: defaultdict[int, list[pikepdf.Object]] = defaultdict(list)
        self._first: dict[str, list[tuple[int, float, str]]] = {}
        self._spaces: dict[int, PageSpace] = {}
        self._tags: set[tuple[int, int, int]] = set()
        lines = [head]
        if signatures:
            lines.append(f"ต้นฉบับมีลายมือชื่อดิจิทัล {signatures} รายการ ซึ่งใช้ไม่ได้ในสำเนานี้")
        if locked:
            lines.append("ต้นฉบับล็อกสิทธิ์ไว้ สำเนานี้ไม่ได้ล็อก")
        self._head("\n".join(lines))

    def add(self, mark: Mark) -> None:
        """Put one mark on its pages; one whose pages are not there is left out."""
        shown = {page: boxes for page, boxes in mark.boxes.items() if 1 <= page <= len(self.pdf.pages)}
        if not shown:
            return
        self.placed += 1
        for page, boxes in sorted(shown.items()):
            space = self._space(page)
            quads = [space.quad(box) for box in boxes]
            self._annotations[page].append(self._highlight(page, mark, quads, space))
        page, boxes = min(shown.items())
        short = " ".join(mark.text.replace("|", " ").split())[:60]
        self._first.setdefault(mark.title, []).append((page, boxes[0][1], short))

    def write(self) -> None:
        """Give the pages their annotations, and the document its bookmarks."""
        for number, added in self._annotations.items():
            page = self.pdf.pages[number - 1]
            own = page.obj.get(Name.Annots)
            kept = list(own) if isinstance(own, Array) else []
            page.obj.Annots = self.pdf.make_indirect(Array([*kept, *added]))
        with self.pdf.open_outline() as outline:
            top = OutlineItem(BOOKMARKS, 0)
            for title, places in self._first.items():
                below = OutlineItem(f"{title} ({len(places)} ข้อความ)", *self._aim(places[0]))
                below.children.extend(
                    OutlineItem(text, *self._aim((page, y, text))) for page, y, text in places
                )
                top.children.append(below)
            outline.root.append(top)

    def _aim(self, place: tuple[int, float, str]) -> tuple[int, str]:
        return place[0] - 1, "Fit"

    def _space(self, number: int) -> PageSpace:
        if number not in self._spaces:
            page = self.pdf.pages[number - 1]
            rotate = page.obj.get(Name.Rotate, _inherited(page.obj, Name.Rotate))
            turn = int(rotate) if rotate is not None else 0
            self._spaces[number] = PageSpace.of(
                [float(v) for v in page.mediabox],
                [float(v) for v in page.cropbox],
                turn,
            )
        return self._spaces[number]

    def _head(self, text: str) -> None:
        """The first note, near the upper left corner of the first page.

        Some viewers keep notes upright on turned pages, round one of their corners, others do not: there is room for both.
        """
        x, y = self._space(1).point(30, 30)
        rect = [x - 9, y - 9, x + 9, y + 9]
        form = self._form(rect, f"1 0 0 1 {x - 9:.2f} {y - 9:.2f} cm {_NOTE}")
        self._annotations[1].append(
            self._annotation("/Text", rect, text, "khetcheck", (1.0, 0.92, 0.55), form, Name=Name.Note)
        )

    def _free_place(self, page: int, corner: Point, space: PageSpace) -> Point:
        """Left of the first line and of the numbers of other points there; on the line where the page ends."""
        a, b, _, _ = space.axes
        x, y = corner
        while True:
            x, y = x - SIZE * a, y - SIZE * b
            if not (space.left <= x <= space.right and space.bottom <= y <= space.top):
                return corner
            if (place := (page, round(x), round(y))) not in self._tags:
                self._tags.add(place)
                return x, y

    def _highlight(self, page: int, mark: Mark, quads: list[Quad], space: PageSpace) -> pikepdf.Object:
        look = look_of(mark.index, refused=mark.refused)
        tag = _tag(self._free_place(page, quads[0][2], space), space)
        rect = _rect([point for quad in quads for point in quad] + tag)
        content = "\n".join([*_fills(quads, look), *_lines(quads, look), *_number(mark, tag, look, space)])
        points = [round(value, 2) for quad in quads for point in quad for value in point]
        return self._annotation(
            "/Highlight",
            rect,
            mark.note,
            f"khetcheck ประเด็นที่ {mark.point}",
            look.tone,
            self._form(rect, content),
            QuadPoints=Array(points),
        )

    def _annotation(
        self,
        kind: str,
        rect: list[float],
        text: str,
        title: str,
        colour: Sequence[float],
        form: pikepdf.Object,
        **more: pikepdf.Object,
    ) -> pikepdf.Object:
        made = Dictionary(
            Type=Name.Annot,
            Subtype=Name(kind),
            Rect=Array(rect),
            Contents=String(text),
            T=String(title),
            C=Array([round(part, 3) for part in colour]),
            F=_PRINT,
            AP=Dictionary(N=form),
        )
        for key, value in more.items():
            made[f"/{key}"] = value
        return self.pdf.make_indirect(made)

    def _form(self, rect: list[float], content: str) -> pikepdf.Object:
        stream = self.pdf.make_stream(content.encode("ascii"))
        stream.Type, stream.Subtype = Name.XObject, Name.Form
        stream.BBox = Array(rect)
        stream.Group = Dictionary(S=Name.Transparency)
        stream.Resources = Dictionary(
            ExtGState=Dictionary(
                M=Dictionary(Type=Name.ExtGState, BM=Name.Multiply),
                N=Dictionary(Type=Name.ExtGState, BM=Name.Normal),
            ),
            Font=Dictionary(
                F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica-Bold"))
            ),
        )
        return stream


def _fills(quads: list[Quad], look: Look) -> Iterator[str]:
    yield f"/M gs {_colour(look.tint)} rg"
    for upper_left, upper_right, lower_left, lower_right in quads:
        path = [f"{x:.2f} {y:.2f}" for x, y in (upper_left, upper_right, lower_right, lower_left)]
        yield f"{path[0]} m {path[1]} l {path[2]} l {path[3]} l h f"


def _lines(quads: list[Quad], look: Look) -> Iterator[str]:
    """A line of the point's own pattern under the words: told apart without colours, too."""
    yield f"{_colour(look.tone)} RG 1.2 w {look.dash} d"
    for _, _, lower_left, lower_right in quads:
        yield f"{lower_left[0]:.2f} {lower_left[1]:.2f} m {lower_right[0]:.2f} {lower_right[1]:.2f} l S"


def _tag(start: Point, space: PageSpace) -> list[Point]:
    """Corners of the little field with the point's number, whose lower left corner as shown is ``start``."""
    (x, y), (a, b, c, d) = start, space.axes
    return [
        (x, y),
        (x + SIZE * a, y + SIZE * b),
        (x + SIZE * c, y + SIZE * d),
        (x + SIZE * (a + c), y + SIZE * (b + d)),
    ]


def _number(mark: Mark, tag: list[Point], look: Look, space: PageSpace) -> Iterator[str]:
    a, b, c, d = space.axes
    (x, y), label = tag[0], f"x{mark.point}" if mark.refused else str(mark.point)
    yield f"/N gs q {a} {b} {c} {d} {x:.2f} {y:.2f} cm [] 0 d {_colour(look.tone)} rg 0.5 0.5 10 10 re f"
    indent = 3.2 if len(label) == 1 else 1.2
    yield f"BT 1 1 1 rg /F 8 Tf {indent} 2.6 Td ({label}) Tj ET Q"


def _rect(points: Sequence[Point]) -> list[float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return [round(value, 2) for value in (min(xs) - 1, min(ys) - 1, max(xs) + 1, max(ys) + 1)]


def _colour(parts: Sequence[float]) -> str:
    return " ".join(f"{part:.3f}" for part in parts)


def _inherited(page: pikepdf.Object, key: Name) -> pikepdf.Object | None:
    """A page's attribute that stands with one of its parents; the chain may be broken or run in a circle."""
    node = page
    for _ in range(50):
        parent = node.get(Name.Parent)
        if not isinstance(parent, Dictionary):
            return None
        if key in parent:
            return parent[key]
        node = parent
    return None


def _signatures(pdf: pikepdf.Pdf) -> int:
    """Digital signatures that were given; empty fields for them do not count."""
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary):
        return 0
    fields = form.get(Name.Fields)
    return sum(
        isinstance(one, Dictionary) and one.get(Name.FT) == Name.Sig and Name.V in one
        for one in (fields if isinstance(fields, Array) else ())
    )
