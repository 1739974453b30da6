"""As much of a TrueType file as it takes to write with it in a PDF: which glyph a letter has, and how wide it is."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import pikepdf


@dataclass(frozen=True, slots=True)
class TrueType:
    """A font of this machine.

    Attributes:
        glyphs: letter to the number of its glyph. widths: of each glyph, in thousandths of the letter size.
    """

    data: bytes
    glyphs: dict[str, int]
    widths: tuple[float, ...]

    @classmethod
    def load(cls, path: Path) -> TrueType:
        """Read the tables that are needed here."""
        data = path.read_bytes()
        count = struct.unpack_from(">H", data, 4)[0]
        tables = {}
        for at in range(count):
            tag, _, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * at)
            tables[tag.decode("latin-1")] = (offset, length)
        units = struct.unpack_from(">H", data, tables["head"][0] + 18)[0]
        metrics = struct.unpack_from(">H", data, tables["hhea"][0] + 34)[0]
        start = tables["hmtx"][0]
        widths = tuple(
            struct.unpack_from(">H", data, start + 4 * at)[0] * 1000 / units for at in range(metrics)
        )
        return cls(data, _cmap(data, tables["cmap"][0]), widths)

    def width(self, text: str) -> float:
        """Return the width of a text, in thousandths of the letter size."""
        return sum(self.widths[min(self.glyphs.get(letter, 0), len(self.widths) - 1)] for letter in text)

    def encoded(self, text: str) -> str:
        """Return the text as a PDF's hexadecimal string of glyph numbers."""
        return "".join(f"{self.glyphs.get(letter, 0):04x}" for letter in text)

    def embedded(self, pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
        """Return the font as an object of the document, with the text layer that says what each glyph is."""
        name = pikepdf.Name
        known = [(glyph, ord(letter)) for letter, glyph in sorted(self.glyphs.items())]
        pairs = [f"<{glyph:04x}> <{code:04x}>" for glyph, code in known if code < 0x10000]
        parts = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
        said = "".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n" for part in parts)
        unicode = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{said}endcmap end end"
        )
        descriptor = pikepdf.Dictionary(
            Type=name.FontDescriptor, FontName=name("/Bench"), Flags=4, FontBBox=[-500, -500, 1500, 1500], ItalicAngle=0,
            Ascent=1000, Descent=-400, CapHeight=700, StemV=80, FontFile2=pdf.make_stream(self.data),
        )  # fmt: skip
        below = pikepdf.Dictionary(
            Type=name.Font, Subtype=name.CIDFontType2, BaseFont=name("/Bench"), CIDToGIDMap=name.Identity,
            CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor), W=[0, [round(width) for width in self.widths]],
        )  # fmt: skip
        font = pikepdf.Dictionary(
            Type=name.Font, Subtype=name.Type0, BaseFont=name("/Bench"), Encoding=name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(below)], ToUnicode=pdf.make_stream(unicode.encode("ascii")),
        )  # fmt: skip
        return pdf.make_indirect(font)


def _cmap(data: bytes, start: int) -> dict[str, int]:
    """Read the table of letters (format 4, of Windows' Unicode)."""
    for at in range(struct.unpack_from(">H", data, start + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * at)
        place = start + offset
        if (platform, encoding) == (3, 1) and struct.unpack_from(">H", data, place)[0] == 4:
            return _format_4(data, place)
    raise ValueError("the font has no Unicode table of format 4")


def _format_4(data: bytes, place: int) -> dict[str, int]:
    count = struct.unpack_from(">H", data, place + 6)[0] // 2
    ends, starts, deltas, offsets = (
        place + 14 + size for size in (0, 2 * count + 2, 4 * count + 2, 6 * count + 2)
    )
    found = {}
    for at in range(count):
        end, first, delta, offset = (
            struct.unpack_from(">H", data, table + 2 * at)[0] for table in (ends, starts, deltas, offsets)
        )
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", data, offsets + 2 * at + offset + 2 * (code - first))[0]
                if not glyph:
                    continue
            found[chr(code)] = (glyph + delta) & 0xFFFF
    return found
