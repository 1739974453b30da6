"""Makes hostile and broken PDFs by hand, because no library writes what an attacker or a bad upload does."""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO

import pikepdf

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def flate(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def flate_of(size: int, fill: bytes = b" ") -> bytes:
    """Compressed ``size`` bytes of ``fill`` without ever holding or compressing them all."""
    return b"\x78\xda" + deflate_of(size, fill)


def deflate_of(size: int, fill: bytes = b" ") -> bytes:
    """As :func:`flate_of`, bare: one compressed MiB, flushed so that it stands by itself, over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = packer.compress(fill * ((1 << 20) // len(fill))) + packer.flush(zlib.Z_FULL_FLUSH)
    return chunk * (size >> 20) + packer.flush()


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects with a right cross-reference table; object 1 is the catalogue."""
    out = BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start, size = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n")
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))
    return out.getvalue()


def pages(
    contents: Sequence[bytes],
    extra: Mapping[int, bytes] | None = None,
    resources: bytes = b"",
    box: bytes = b"0 0 595 842",
) -> bytes:
    """A PDF with one page per content stream (whole stream objects); object 3 is the font, ``extra`` adds objects."""
    count = len(contents)
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 3: FONT, **(extra or {})}
    kids = b" ".join(b"%d 0 R" % (1000 + 2 * i) for i in range(count))
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    for i, content in enumerate(contents):
        objects[1000 + 2 * i] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> %s >> >>" % (box, 1001 + 2 * i, resources)
        )
        objects[1001 + 2 * i] = content
    return pdf(objects)


def text(words: str = "Annual report of the office, fiscal year 2565") -> bytes:
    """A content stream of some paragraphs: a long line, then a short one that ends it."""
    lines = (words if i % 2 == 0 else f"Part {'abc'[i // 2]} ends." for i in range(6))
    drawn = (
        b"BT /F1 12 Tf 72 %d Td (%s) Tj ET\n" % (700 - 20 * i, line.encode()) for i, line in enumerate(lines)
    )
    return stream(b"".join(drawn))


def good(count: int = 1) -> bytes:
    topics = ("plans", "schools", "teachers", "budgets", "meetings", "visits", "data", "letters", "rooms")
    words = (
        f"Page {i + 1} tells of {topics[i % 9]} and the work of the office in 2565" for i in range(count)
    )
    return pages([text(line) for line in words])


def encrypted(user: str) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(good())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    return out.getvalue()


def empty_pages(count: int) -> bytes:
    kids = b" ".join([b"3 0 R"] * count)
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        }
    )


def doubling(levels: int) -> bytes:
    """Each form draws the next one twice: a few kilobytes that ask for 2**levels drawings."""
    return pages([stream(b"/X Do")], doubling_forms(levels), b"/XObject << /X 100 0 R >>")


def bad_page_between(bad: bytes, extra: Mapping[int, bytes] | None = None, resources: bytes = b"") -> bytes:
    return pages(
        [text("The first page is sound and can be read"), bad, text("The third page is sound too")],
        extra,
        resources,
    )


def doubling_forms(levels: int) -> dict[int, bytes]:
    forms = {}
    for level in range(levels):
        last = level == levels - 1
        body = b"0 0 m 1 1 l S" if last else b"/X Do /X Do"
        below = b"" if last else b"/Resources << /XObject << /X %d 0 R >> >>" % (101 + level)
        forms[100 + level] = stream(body, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + below)
    return forms


def bomb(size: int, fill: bytes) -> bytes:
    data = flate_of(size, fill)
    return pages([stream(data, b"/Filter /FlateDecode")])


def nested_flate() -> bytes:
    once = flate_of(512 << 20)
    twice = zlib.compress(zlib.compress(once, 9), 9)
    return pages([stream(twice, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]")])


def many_paths(count: int) -> bytes:
    rng = random.Random(7)
    lines = b"".join(
        b"%d %d m %d %d l S\n" % tuple(rng.randrange(800) for _ in range(4)) for _ in range(1000)
    )
    return pages([stream(flate_of_lines(lines, count // 1000), b"/Filter /FlateDecode")])


def flate_of_lines(lines: bytes, times: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = packer.compress(lines) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + chunk * times + packer.flush()


def many_letters(count: int) -> bytes:
    lines = b"".join(
        b"BT /F1 4 Tf %d %d Td (abcdefghij) Tj ET\n" % (i % 60 * 9, i // 60 % 800) for i in range(count // 10)
    )
    return pages([flate(lines)])


def giant_picture() -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    picture = stream(flate_of(16 << 20), entries + b" /Filter /FlateDecode")
    return pages([stream(b"q 500 0 0 500 50 50 cm /I Do Q")], {100: picture}, b"/XObject << /I 100 0 R >>")


def broken_picture() -> bytes:
    entries = (
        b"/Type /XObject /Subtype /Image /Width 100 /Height 100 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    )
    picture = stream(b"\xff\xd8\xff\xe0 this is no jpeg", entries + b" /Filter /DCTDecode")
    content = b"q 500 0 0 500 50 50 cm /I Do Q BT /F1 12 Tf 72 700 Td (Words beside a broken picture) Tj ET"
    return pages([stream(content)], {100: picture}, b"/XObject << /I 100 0 R >>")


def own_parent() -> bytes:
    """A page tree that contains itself."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>",
        }
    )


def ring_of_parents() -> bytes:
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Pages /Kids [4 0 R] /Count 1 /Parent 2 0 R >>",
            4: b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 3 0 R >>",
        }
    )


def lying_count() -> bytes:
    return good(2).replace(b"/Count 2 ", b"/Count 999999 ")


def deep_arrays(depth: int) -> bytes:
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * depth + b"]" * depth + b" >>",
            2: b"<< /Type /Pages /Kids [] /Count 0 >>",
        }
    )


def form_in_itself() -> bytes:
    form = stream(
        b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 100 0 R >> >>"
    )
    content = b"/X Do BT /F1 12 Tf 72 700 Td (A form that draws itself) Tj ET"
    return pages([stream(content)], {100: form}, b"/XObject << /X 100 0 R >>")


def length_loop() -> bytes:
    """A stream whose length is given by the stream itself."""
    return pages([b"<< /Length 1001 0 R >>\nstream\nBT ET\nendstream"])


def acting() -> bytes:
    """Opens a program, runs a script and fetches an address, if one lets it."""
    whole = good()
    return whole.replace(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (calc.exe) >>"
        b" /AA << /WC << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1/'\\)) >> >> >>",
    )


def cross_reference_lies() -> bytes:
    whole = good(2)
    start = whole.rindex(b"xref\n0")
    return whole[:start] + whole[start:].replace(b"0000000", b"0099999")


def huge_size() -> bytes:
    whole = good(1)
    at = whole.rindex(b"/Size ")
    return whole[:at] + b"/Size 2000000000 " + whole[whole.index(b"/Root", at) :]


def flipped(seed: int, share: float) -> bytes:
    rng = random.Random(seed)
    data = bytearray(good(5))
    for _ in range(int(len(data) * share)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)
