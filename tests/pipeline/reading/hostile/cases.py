# ruff: noqa: E501 (one line per case reads best)
"""The list of hostile and broken files: what each is called, how it is made, and how its reading must end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.pipeline.reading.hostile import offices, pdfs


@dataclass(frozen=True)
class Case:
    """A file and its outcome.

    ``codes``: one of these problems must be told (none may be told where empty); ``reads``: words that must be read
    (all of them); ``failed``: nothing is read; None where either may happen, as long as it ends.
    """

    name: str
    make: Callable[[], bytes]
    codes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    failed: bool | None = None
    office: bool = False

    @property
    def id(self) -> str:
        return self.name


DEATHS = ("timed_out", "out_of_memory", "broken", "page_unreadable", "too_large", "text_left_out")
THAI = "ประชุมติดตามงาน"

PDFS = [
    Case("zero-bytes.pdf", lambda: b"", ("empty",), failed=True),
    Case("blanks-only.pdf", lambda: b" \n" * 500, ("unsupported",), failed=True),
    Case("random-bytes.pdf", lambda: random.Random(1).randbytes(50_000), ("unsupported",), failed=True),
    Case("header-only.pdf", lambda: b"%PDF-1.7\n", ("broken",), failed=True),
    Case("header-then-noise.pdf", lambda: b"%PDF-1.7\n" + random.Random(2).randbytes(9000), ("broken",), failed=True),
    Case("cut-in-half.pdf", lambda: pdfs.good(20)[: len(pdfs.good(20)) // 2]),
    Case("tail-cut.pdf", lambda: pdfs.good(3)[:-150], reads=("Page 1", "Page 3"), codes=("repaired", "")),
    Case("xref-lies.pdf", pdfs.cross_reference_lies, reads=("Page 2",), codes=("repaired", "")),
    Case("startxref-beyond-end.pdf", lambda: pdfs.good().replace(b"startxref\n", b"startxref\n99"), reads=("Page 1",), codes=("repaired", "")),
    Case("huge-size-in-trailer.pdf", pdfs.huge_size, reads=("Page 1",), codes=("repaired", "")),
    Case("password.pdf", lambda: pdfs.encrypted("secret"), ("encrypted",), failed=True),
    Case("empty-password.pdf", lambda: pdfs.encrypted(""), reads=("Page 1",)),
    Case("no-pages.pdf", lambda: pdfs.pages([]), ("empty", "broken"), failed=True),
    Case("ten-thousand-empty-pages.pdf", lambda: pdfs.empty_pages(10_000), ("pages_left_out",), failed=True),
    Case("page-tree-in-itself.pdf", pdfs.own_parent, ("empty", "broken", "page_unreadable"), failed=True),
    Case("ring-of-page-trees.pdf", pdfs.ring_of_parents, ("empty", "broken", "page_unreadable"), failed=True),
    Case("count-lies.pdf", pdfs.lying_count, (*DEATHS, "pages_left_out")),
    Case("million-paths.pdf", lambda: pdfs.many_paths(1_000_000), (*DEATHS, "empty")),
    Case("form-doubling.pdf", lambda: pdfs.doubling(24), (*DEATHS, "empty")),
    Case("bad-page-between.pdf", lambda: pdfs.bad_page_between(pdfs.stream(b"/X Do"), pdfs.doubling_forms(26), b"/XObject << /X 100 0 R >>"),
         ("page_unreadable", ""), reads=("first page is sound", "third page is sound")),
    Case("flate-bomb-of-blanks.pdf", lambda: pdfs.bomb(1100 << 20, b" "), (*DEATHS, "empty")),
    Case("flate-bomb-of-operators.pdf", lambda: pdfs.bomb(1100 << 20, b"0 0 m 9 9 l S "), (*DEATHS, "empty")),
    Case("flate-in-flate-in-flate.pdf", pdfs.nested_flate, (*DEATHS, "empty")),
    Case("hundred-thousand-letters-on-a-page.pdf", lambda: pdfs.many_letters(300_000), (*DEATHS, "")),
    Case("giant-picture.pdf", pdfs.giant_picture, (*DEATHS, "empty"), failed=True),
    Case("broken-picture.pdf", pdfs.broken_picture, reads=("Words beside a broken picture",)),
    Case("giant-page.pdf", lambda: pdfs.pages([pdfs.text()], box=b"0 0 1000000000 1000000000")),
    Case("page-without-size.pdf", lambda: pdfs.pages([pdfs.text()], box=b"0 0 0 0")),
    Case("page-turned-inside-out.pdf", lambda: pdfs.pages([pdfs.text()], box=b"595 842 0 0"), reads=("Annual report",)),
    Case("words-far-off-the-page.pdf", lambda: pdfs.pages([pdfs.stream(b"BT /F1 12 Tf 9e30 9e30 Td (far) Tj ET")])),
    Case("deep-arrays.pdf", lambda: pdfs.deep_arrays(200_000), ("empty", "broken"), failed=True),
    Case("form-in-itself.pdf", pdfs.form_in_itself, reads=("A form that draws itself",)),
    Case("stream-measured-by-itself.pdf", pdfs.length_loop, (*DEATHS, "empty"), failed=True),
    Case("script-and-launch.pdf", pdfs.acting, reads=("Page 1",)),
    Case("junk-before-header.pdf", lambda: b"\0junk\n" * 80 + pdfs.good(), reads=("Page 1",), codes=("repaired", "")),
    Case("bytes-flipped-few.pdf", lambda: pdfs.flipped(5, 0.002)),
    Case("bytes-flipped-many.pdf", lambda: pdfs.flipped(6, 0.05)),
    Case("pdf-called.docx", pdfs.good, ("extension_wrong",), reads=("Page 1",)),
    Case("pdf-called.png", pdfs.good, ("extension_wrong",), reads=("Page 1",)),
]  # fmt: skip

WORDS = [
    Case("no-document-part.docx", lambda: offices.zipped({"[Content_Types].xml": offices.TYPES, "word/styles.xml": "<a/>"}), ("broken",), failed=True),
    Case("external-entity.docx", lambda: offices.docx(offices.paragraph("&e;"), head=offices.XXE), ("broken",), failed=True),
    Case("billion-laughs.docx", lambda: offices.docx(offices.paragraph("&i;"), head=offices.LAUGHS.format(encoding="")), ("broken",), failed=True),
    Case("billion-laughs-utf16.docx", lambda: offices.zipped({"[Content_Types].xml": offices.TYPES, "word/document.xml":
         offices.document(offices.paragraph("&i;"), offices.LAUGHS.format(encoding=' encoding="utf-16"')).encode("utf-16")}), ("broken",), failed=True),
    Case("gigabyte-document.docx", lambda: offices.zip_of_blanks("word/document.xml", 900 << 20), ("too_large",), failed=True),
    Case("bomb-in-styles.docx", lambda: offices.replaced(offices.good_docx(), "word/styles.xml", b" " * (30 << 20)), ("too_large",), failed=True),
    Case("too-many-parts.docx", lambda: offices.zipped({"[Content_Types].xml": offices.TYPES, **{f"word/{i}.xml": "" for i in range(6000)}}), ("too_large",), failed=True),
    Case("tables-five-hundred-deep.docx", lambda: offices.docx(offices.nested_tables(500)), ("broken",), failed=True),
    Case("tables-thirty-deep.docx", lambda: offices.docx(offices.nested_tables(30)), reads=(THAI,)),
    Case("not-well-formed.docx", lambda: offices.docx("<w:p><w:r>"), ("broken",), failed=True),
    Case("cut-in-half.docx", lambda: offices.docx(offices.paragraph() * 900)[:900], ("broken",), failed=True),
    Case("sizes-lie.docx", offices.lying_sizes, ("broken",), failed=True),
    Case("wrong-checksum.docx", offices.wrong_checksum, ("broken",), failed=True),
    Case("ring-of-styles.docx", offices.style_ring, reads=(THAI,)),
    Case("absurd-numbering.docx", offices.absurd_numbers, reads=(THAI,)),
    Case("half-a-million-empty-paragraphs.docx", lambda: offices.docx("<w:p/>" * 500_000 + offices.paragraph()), ("too_large", ""), failed=None),
    Case("nothing-in-it.docx", lambda: offices.docx(""), ("empty",), failed=True),
    Case("under-password.docx", lambda: offices.ole("EncryptedPackage"), ("encrypted",), failed=True),
    Case("word-called.pdf", offices.good_docx, ("extension_wrong",), reads=(THAI,)),
    Case("refers-outside.docx", offices.fetching, reads=(THAI,)),
    Case("control-characters.docx", lambda: offices.docx(offices.paragraph("ก&#x85;ข" + offices.SENTENCE)), reads=(THAI,)),
    Case("strict-namespaces.docx", lambda: offices.replaced(offices.good_docx(), "word/document.xml",
         offices.document(offices.paragraph()).replace(offices.W, "http://purl.oclc.org/ooxml/wordprocessingml/main")), reads=(THAI,)),
]  # fmt: skip

SHEETS = [
    Case("billion-laughs.xlsx", lambda: offices.xlsx(offices.LAUGHS.format(encoding="") + "<sst>&i;</sst>"), ("broken",), failed=True),
    Case("external-entity.xlsx", lambda: offices.xlsx(offices.XXE + "<sst>&e;</sst>"), ("broken",), failed=True),
    Case("bomb.xlsx", lambda: offices.zip_of_blanks("xl/worksheets/sheet1.xml", 300 << 20), ("too_large",), failed=True),
    Case("no-workbook.xlsx", lambda: offices.zipped({"[Content_Types].xml": offices.TYPES, "xl/styles.xml": "<a/>"}), ("broken",), failed=True),
    Case("far-cell.xlsx", offices.far_cell, reads=("ต้นแผ่น",)),
    Case("sheet-missing.xlsx", lambda: offices.replaced(offices.xlsx(), "xl/worksheets/sheet1.xml", None)),
]  # fmt: skip

PICTURES = [
    Case("cut.png", lambda: offices.picture("PNG", (300, 300))[:80], ("broken", *DEATHS), failed=True),
    Case("gigapixel.png", lambda: offices.giant_png(60_000), ("too_large", "broken"), failed=True),
    Case("noise.jpg", lambda: b"\xff\xd8\xff\xe0" + random.Random(4).randbytes(4000), ("broken",), failed=True),
    Case("ring-of-pages.tif", offices.ring_tiff),
    Case("one-pixel.png", lambda: offices.picture("PNG", (1, 1)), failed=True, codes=("empty", "broken", "page_unreadable")),
    Case("animation.gif", lambda: offices.picture("GIF"), ("unsupported",), failed=True),
]  # fmt: skip

OFFICES = [
    Case("braces-deep.rtf", lambda: b"{\\rtf1 " + b"{" * 300_000, failed=True, codes=(*DEATHS, "empty"), office=True),
    Case("rtf-called.doc", lambda: b"{\\rtf1\\ansi Meeting of the office in 2565\\par}", ("extension_wrong",), reads=("Meeting of the office",), office=True),
    Case("names-only.doc", lambda: offices.ole("WordDocument"), (*DEATHS, "empty"), failed=True, office=True),
    Case("old-office-of-no-kind.doc", lambda: offices.ole("SomethingElse"), ("unsupported",), failed=True),
    Case("empty-open-document.odt", lambda: offices.zipped([("mimetype", "application/vnd.oasis.opendocument.text")]), (*DEATHS, "empty"), failed=True, office=True),
    Case("bomb.odt", offices.open_document_bomb, ("too_large",), failed=True),
    Case("page-of-the-web.doc", lambda: b"<html><body>report</body></html>", ("unsupported",), failed=True),
    Case("program.exe", lambda: b"MZ" + bytes(900), ("unsupported",), failed=True),
]  # fmt: skip

SINGLE = PDFS + WORDS + SHEETS + PICTURES + OFFICES
