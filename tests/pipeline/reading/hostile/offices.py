# ruff: noqa: E501 (one line per case reads best)
"""Makes hostile and broken Word, Excel and OpenDocument files, zips and pictures."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO

import openpyxl
from PIL import Image

from tests.pipeline.reading.hostile.pdfs import deflate_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EMPTY_DEFLATE = 2
"""Bytes of nothing, compressed."""
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SENTENCE = "สำนักงานเขตพื้นที่จัดประชุมติดตามงานทุกไตรมาส"
LAUGHS = (
    '<?xml version="1.0"{encoding}?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def zipped(
    entries: Mapping[str, bytes | str] | Sequence[tuple[str, bytes | str]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    out = BytesIO()
    pairs = entries.items() if isinstance(entries, Mapping) else entries
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in pairs:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def document(body: str, head: str = '<?xml version="1.0"?>') -> str:
    return f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'


def paragraph(text: str = SENTENCE, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(
    body: str, parts: Mapping[str, bytes | str] | None = None, head: str = '<?xml version="1.0"?>'
) -> bytes:
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": document(body, head), **(parts or {})})


def good_docx() -> bytes:
    return docx(paragraph())


def open_document_bomb() -> bytes:
    return zip_of_blanks(
        "content.xml", 300 << 20, first=("mimetype", "application/vnd.oasis.opendocument.text")
    )


def zip_of_blanks(name: str, size: int, first: tuple[str, str] = ("[Content_Types].xml", TYPES)) -> bytes:
    """A zip whose second entry unpacks to ``size`` blanks, made without holding them (its checksum is a lie)."""
    data = deflate_of(size)
    whole = bytearray(zipped([first, (name, b"")]))
    directory = whole.rindex(b"PK\x01\x02")
    local = whole.rindex(b"PK\x03\x04")
    struct.pack_into("<LL", whole, local + 18, len(data), size)
    struct.pack_into("<LL", whole, directory + 20, len(data), size)
    start = whole.index(b"PK\x01\x02")
    end = whole.rindex(b"PK\x05\x06")
    struct.pack_into("<L", whole, end + 16, start + len(data) - EMPTY_DEFLATE)
    return bytes(whole[: start - EMPTY_DEFLATE] + data + whole[start:])


def lying_sizes() -> bytes:
    """The list of entries says that 8 MiB of paragraphs are 100 bytes."""
    body = paragraph() * 60_000
    whole = bytearray(docx(body))
    at = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"word/document.xml"))
    struct.pack_into("<L", whole, at + 24, 100)
    return bytes(whole)


def wrong_checksum() -> bytes:
    whole = bytearray(docx(paragraph() * 50))
    at = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"word/document.xml"))
    struct.pack_into("<L", whole, at + 16, 0xDEADBEEF)
    local = whole.index(b"PK\x03\x04", 30)
    struct.pack_into("<L", whole, local + 14, 0xDEADBEEF)
    return bytes(whole)


def nested_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph() + "</w:tc></w:tr></w:tbl>" * depth


def style_ring() -> bytes:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>'
        for a, b in ("AB", "BC", "CA")
    )
    body = paragraph(properties='<w:pPr><w:pStyle w:val="A"/></w:pPr>')
    return docx(body, {"word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>'})


def absurd_numbers() -> bytes:
    level = '<w:lvl w:ilvl="0"><w:start w:val="99999999999"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1%9%1"/></w:lvl>'
    numbering = f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    number = '<w:pPr><w:numPr><w:ilvl w:val="77"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    return docx(
        paragraph(properties=number) + paragraph(properties=number.replace("77", "0")),
        {"word/numbering.xml": numbering},
    )


def fetching() -> bytes:
    """Refers to outside addresses in every way a part can."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = ("image", "hyperlink", "attachedTemplate", "oleObject", "frame")
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{base}/{kind}" Target="http://127.0.0.1:9/{kind}" TargetMode="External"/>'
        for i, kind in enumerate(kinds)
    )
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
    link = (
        f'<w:p><w:hyperlink xmlns:r="{base}" r:id="r1"><w:r><w:t>{SENTENCE}</w:t></w:r></w:hyperlink></w:p>'
    )
    return docx(link, {"word/_rels/document.xml.rels": rels})


def xlsx(shared: str | None = None) -> bytes:
    out = BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["โรงเรียน", "จำนวน"])
    book.active.append(["บ้านโนน", 12])
    book.save(out)
    return out.getvalue() if shared is None else replaced(out.getvalue(), "xl/sharedStrings.xml", shared)


def replaced(archive: bytes, name: str, data: bytes | str | None) -> bytes:
    """The zip with one entry replaced, or left out."""
    with zipfile.ZipFile(BytesIO(archive)) as source:
        entries = {n: source.read(n) for n in source.namelist() if n != name}
    return zipped(entries if data is None else {**entries, name: data})


def far_cell() -> bytes:
    """A sheet with a cell in its last row and column: a million rows lie between."""
    out = BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "ต้นแผ่น"
    book.active["XFD1048576"] = "ปลายแผ่น"
    book.save(out)
    return out.getvalue()


def thai_names() -> bytes:
    """As Windows in Thai writes it: names in TIS-620, no flag."""
    whole = zipped({"AAAAAA.docx": good_docx()})
    return whole.replace(b"AAAAAA.docx", "รายงาน".encode("cp874") + b".docx")


def named(*names: str) -> bytes:
    return zipped([(name, good_docx()) for name in names])


def nested(depth: int) -> bytes:
    data = good_docx()
    for level in range(depth):
        data = zipped({f"level{level}.{'docx' if level == 0 else 'zip'}": data})
    return data


def locked_zip() -> bytes:
    """An entry flagged as encrypted."""
    whole = bytearray(zipped({"report.docx": good_docx()}))
    whole[6] |= 1
    at = whole.rindex(b"PK\x01\x02")
    whole[at + 8] |= 1
    return bytes(whole)


def many_entries(count: int) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.txt", b"")
    return out.getvalue()


def overlapping(copies: int) -> bytes:
    """Many entries that share the same compressed bytes (a bomb without nesting)."""
    whole = zip_of_blanks("a.pdf", 16 << 20)
    directory = whole.index(b"PK\x01\x02", whole.index(b"a.pdf"))
    entry_at = whole.rindex(b"PK\x01\x02")
    end = whole.rindex(b"PK\x05\x06")
    entry = whole[entry_at:end]
    entries = whole[directory:end] + entry * copies
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2 + copies, 2 + copies, len(entries), directory, 0)
    return whole[:directory] + entries + tail


def ole(stream_name: str) -> bytes:
    """The header of an OLE file and one stream's name, with nothing behind."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + stream_name.encode("utf-16-le") + bytes(600) + random.Random(3).randbytes(4096)


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Image.new("L", size, 255).save(out, kind)
    return out.getvalue()


def giant_png(side: int) -> bytes:
    """Declares side x side pixels; the data is a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def ring_tiff() -> bytes:
    """A TIFF whose next page is itself, for ever."""
    whole = bytearray(picture("TIFF"))
    start = struct.unpack_from("<L", whole, 4)[0]
    count = struct.unpack_from("<H", whole, start)[0]
    struct.pack_into("<L", whole, start + 2 + 12 * count, start)
    return bytes(whole)
