"""Writes small Thai PDFs whose every letter, place and fault is known, for tests and measurements.

The font is drawn here (Type 3: each letter a bar, each mark a bar floating over or under the letter before it), so no
font file is needed and the ink stands exactly where it is put. What the text layer says of a letter can be set apart from
the letter drawn: that is how old fonts, wrong encodings and careless writers damage Thai.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from PIL import Image

from pipeline.reading.thai.alphabet import MARK_SET

A4 = (595.0, 842.0)
_WIDTH = 500  # advance of a letter in thousandths of its size
_OLD_FONT = dict(
    zip(
        "\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e31\u0e4d\u0e47\u0e38\u0e39\u0e3a",
        "\uf701\uf702\uf703\uf704\uf70a\uf70b\uf70c\uf70d\uf70e\uf710\uf711\uf712\uf718\uf719\uf71a",
        strict=True,
    )
)

Encode = Callable[[str], str]


def as_written(letter: str) -> str:
    """The text layer says what is drawn."""
    return letter


def private_use(letter: str) -> str:
    """The text layer of the Thai fonts of Windows 98 to 7."""
    return _OLD_FONT.get(letter, letter)


def tis620(letter: str) -> str:
    """A TIS-620 text layer that is read as Latin-1."""
    code = ord(letter)
    return chr(code - 0x0E01 + 0xA1) if 0x0E01 <= code <= 0x0E5B else letter


def split_am(text: str) -> str:
    """Draw ำ as nikhahit and sara aa, as Distiller does."""
    return text.replace("\u0e33", "\u0e4d\u0e32")


def lost_ring(text: str) -> str:
    """Draw ำ as Word 2007 does: its ring without a code, which readers take for a blank."""
    return text.replace("\u0e33", " \u0e32")


def swapped_am(text: str) -> str:
    """Code า as ำ, and ำ as blank and ำ, as Word 2016 does."""
    return text.replace("\u0e33", " \ue000").replace("\u0e32", "\u0e33").replace("\ue000", "\u0e33")


@dataclass(slots=True)
class ThaiPdf:
    """A document being written; places are points from the page's top left.

    Attributes:
        encode: what the text layer says of each letter.
        faces: further fonts by name, each with what its text layer says of each letter.
        late_marks: marks are written after all letters of their line, as some writers do.
    """

    encode: Encode = as_written
    late_marks: bool = False
    size: tuple[float, float] = A4
    faces: Mapping[str, Encode] = field(default_factory=dict)
    _pages: list[list[str]] = field(default_factory=list)
    _pictures: list[list[tuple[str, Image.Image]]] = field(default_factory=list)
    _codes: dict[str, dict[str, int]] = field(default_factory=dict)

    def page(self) -> ThaiPdf:
        """Begin a page."""
        self._pages.append([])
        self._pictures.append([])
        return self

    def line(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 16,
        *,
        spread: float = 0,
        bold: bool = False,
        face: str = "F",
        late: int = 0,
    ) -> float:
        """Write a line with its baseline at ``y``; returns where it ends.

        Args:
            x: left end.
            y: baseline.
            text: letters and marks.
            size: letter size.
            spread: extra width after each letter.
            bold: draw each letter twice, a little apart, as false bold is made.
            face: the font, ``F`` or a name in ``faces``.
            late: so many letters late each mark comes in the file.
        """
        letters: list[str] = []
        marks: list[str] = []
        waiting: list[tuple[int, str]] = []
        drawn = 0
        pen = x
        for letter in text:
            mark = letter in MARK_SET or "\uf8e0" <= letter <= "\uf8ff"
            at = pen if not mark else pen - spread
            for shift in (0.0, 0.3) if bold else (0.0,):
                code = self._code(letter, face)
                shown = f"BT /{face} {size} Tf 1 0 0 1 {at + shift:.2f} {self.size[1] - y:.2f} Tm <{code:02x}> Tj ET"
                if mark and late:
                    waiting.append((drawn + late, shown))
                else:
                    (marks if mark and self.late_marks else letters).append(shown)
            if not mark:
                drawn += 1
                pen += size * _WIDTH / 1000 + spread
                letters += [shown for due, shown in waiting if due == drawn]
                waiting = [(due, shown) for due, shown in waiting if due > drawn]
        letters += [shown for _, shown in waiting]
        self._pages[-1] += letters + marks
        return pen

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a straight line."""
        height = self.size[1]
        self._pages[-1].append(f"0.8 w {x0} {height - y0} m {x1} {height - y1} l S")

    def shade(self, x0: float, y0: float, x1: float, y1: float, grey: float = 1.0) -> None:
        """Fill a rectangle (white by default), as Word does behind a shaded paragraph."""
        self._pages[-1].append(f"{grey} g {x0} {self.size[1] - y1} {x1 - x0} {y1 - y0} re f 0 g")

    def table(
        self, x: float, y: float, widths: Sequence[float], rows: Sequence[Sequence[str]], size: float = 14
    ) -> float:
        """Draw a ruled table (a cell may hold several lines, parted by line ends); returns where it ends."""
        edges = [x]
        for width in widths:
            edges.append(edges[-1] + width)
        tops = [y]
        for row in rows:
            tops.append(tops[-1] + 8 + 1.4 * size * max(cell.count("\n") + 1 for cell in row))
        for top in tops:
            self.rule(edges[0], top, edges[-1], top)
        for edge in edges:
            self.rule(edge, tops[0], edge, tops[-1])
        for top, row in zip(tops, rows, strict=False):
            for edge, cell in zip(edges, row, strict=False):
                for place, piece in enumerate(cell.split("\n")):
                    self.line(edge + 4, top + 4 + size * (1.0 + 1.4 * place), piece, size)
        return tops[-1]

    def picture(self, x0: float, y0: float, x1: float, y1: float, image: Image.Image) -> None:
        """Place a raster picture."""
        name = f"I{len(self._pages)}x{len(self._pictures[-1])}"
        self._pictures[-1].append((name, image))
        self._pages[-1].append(f"q {x1 - x0} 0 0 {y1 - y0} {x0} {self.size[1] - y1} cm /{name} Do Q")

    def save(self, path: Path, **page_keys: object) -> Path:
        """Write the file; ``page_keys`` are set on every page (``Rotate=90``, ``CropBox=[…]``)."""
        pdf = pikepdf.new()
        encodes = {"F": self.encode, **self.faces}
        fonts = {
            f"/{face}": pdf.make_indirect(self._font(pdf, codes, encodes[face]))
            for face, codes in self._codes.items()
        }
        for content, pictures in zip(self._pages, self._pictures, strict=True):
            pdf.add_blank_page(page_size=self.size)
            page = pdf.pages[-1]
            page.Contents = pdf.make_stream("\n".join(content).encode("ascii"))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
            if pictures:
                page.Resources.XObject = pikepdf.Dictionary(
                    {f"/{name}": _image(pdf, image) for name, image in pictures}
                )
            for key, value in page_keys.items():
                page[f"/{key}"] = pikepdf.Array(value) if isinstance(value, list) else value
        pdf.save(path)
        return path

    def _code(self, letter: str, face: str) -> int:
        codes = self._codes.setdefault(face, {})
        return codes.setdefault(letter, len(codes) + 1)

    def _font(self, pdf: pikepdf.Pdf, codes: Mapping[str, int], encode: Encode) -> pikepdf.Dictionary:
        names = {letter: f"/g{code}" for letter, code in codes.items()}
        procedures = {names[letter]: pdf.make_stream(_glyph(letter)) for letter in codes}
        differences = pikepdf.Array([1, *(pikepdf.Name(name) for name in names.values())])
        return pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type3,
            FontBBox=pikepdf.Array([-500, -300, 1000, 1100]),
            FontMatrix=pikepdf.Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=pikepdf.Dictionary(procedures),
            Encoding=pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=differences),
            FirstChar=1,
            LastChar=len(names),
            Widths=pikepdf.Array([_advance(letter) for letter in names]),
            ToUnicode=pdf.make_stream(_to_unicode({code: encode(c) for c, code in codes.items()})),
            Resources=pikepdf.Dictionary(),
        )


def _advance(letter: str) -> int:
    return 0 if letter in MARK_SET or letter >= "\uf8e0" else _WIDTH


def _glyph(letter: str) -> bytes:
    """Draw a letter as a bar; a mark as a small bar over or under the letter before it."""
    if letter == " ":
        return b"500 0 0 0 0 0 d1"
    if letter not in MARK_SET and letter < "\uf8e0":
        return b"500 0 40 0 460 500 d1 40 0 420 500 re f"
    low = "\u0e38" <= letter <= "\u0e3a"
    bottom = -220 if low else 860 if "\u0e48" <= letter <= "\u0e4c" else 600
    return f"0 0 -300 {bottom} -100 {bottom + 120} d1 -300 {bottom} 200 120 re f".encode("ascii")


def _to_unicode(codes: Mapping[int, str]) -> bytes:
    rows = "\n".join(f"<{code:02x}> <{ord(text[0]):04x}>" for code, text in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _image(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    kept = io.BytesIO()
    image.convert("L").save(kept, "JPEG", quality=80)
    return pikepdf.Stream(
        pdf,
        kept.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
