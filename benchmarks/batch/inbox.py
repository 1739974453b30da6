"""The inbox of the benchmark: passages of the bundled corpus, crossed with each other and with other figures, on pages."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from benchmarks.batch.truetype import TrueType
from models.labelled import CORPUS, load_corpus
from rubric import load_rubric

FONTS = ("/usr/share/fonts/truetype/tlwg/Laksaman.ttf", "/usr/share/fonts/truetype/tlwg/Garuda.ttf")
A4 = (595, 842)
MARGIN, SIZE, LINE = 62, 14, 20
PASSAGES = 11
SHARES = {"plan.pdf": 0.3, "report.pdf": 0.45, "annex.pdf": 0.25}
SCAN_DPI = 200
ABOVE = re.compile("[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]")
LATIN = re.compile("[A-Za-z|_]{2}")
LONGEST = 230
"""Letters of a passage: three lines at most, so that eleven fit a page."""


@dataclass(frozen=True, slots=True)
class Round:
    """What is made: so many submissions of so many pages, so great a share of them as pictures."""

    submissions: int
    pages: int
    scans: float
    seed: int


def make_inbox(folder: Path, asked: Round) -> int:
    """Write the inbox; returns the number of pages."""
    font = TrueType.load(Path(next(path for path in FONTS if Path(path).exists())))
    texts = plain_texts()
    total = 0
    for number in range(1, asked.submissions + 1):
        chance = random.Random(f"{asked.seed} {number}")
        place = folder / f"s{number:04}"
        place.mkdir(parents=True)
        office = f"สำนักงานเขตพื้นที่การศึกษาประถมศึกษาทดสอบ{number // 9 + 1} เขต {number % 9 + 1}"
        for name, share in SHARES.items():
            pages = max(1, round(asked.pages * share))
            _document(place / name, pages, office, texts, font, chance, asked.scans)
            total += pages
        kinds = "".join(
            f"- {{file: {name}, kind: {kind}}}\n"
            for name, kind in zip(SHARES, ("plan", "report", "report"), strict=True)
        )
        (place / "submission.yaml").write_text(
            f"office: {office}\nfiscal_year: 2565\ndocuments:\n{kinds}", "utf-8"
        )
    return total


def passages(texts: list[str], chance: random.Random) -> Iterator[str]:
    """Give passages without end, no two alike: half of one, half of another, other figures."""
    while True:
        one, other = (chance.choice(texts).split(" ") for _ in range(2))
        words = one[: len(one) // 2 + 1] + other[len(other) // 2 :]
        text = re.sub(r"\d", lambda _: str(chance.randrange(10)), " ".join(words))
        yield text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]


def plain_texts() -> list[str]:
    """Return the corpus' passages that are plain Thai: file names and code make a page look damaged, and it is read by OCR."""
    offices = load_corpus([CORPUS], load_rubric("esa-2560-1.1"))
    texts = [row.passage.text for office in offices for row in office.rows if row.passage.type != "table_row"]
    return [text for text in texts if not LATIN.search(text)]


def _document(
    path: Path, pages: int, office: str, texts: list[str], font: TrueType, chance: random.Random, scans: float
) -> None:
    told = passages(texts, chance)
    with pikepdf.new() as pdf:
        face = font.embedded(pdf)
        for number in range(pages):
            heading = f"{office} ปีงบประมาณ พ.ศ. 2565" if number == 0 else f"ส่วนที่ {number + 1} ผลการดำเนินงาน"
            lines = [heading, *(line for _ in range(PASSAGES) for line in ["", *wrapped(next(told), font)])]
            page = pdf.add_blank_page(page_size=A4)
            if chance.random() < scans:
                _scan(pdf, page, lines)
                continue
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=face))
            page.Contents = pdf.make_stream(_written(lines, font))
        pdf.save(path, compress_streams=True)


def wrapped(text: str, font: TrueType) -> list[str]:
    """Break a text into lines as wide as the page, never before a mark that stands on a letter."""
    most = (A4[0] - 2 * MARGIN) * 1000 / SIZE
    lines, line, width = [], "", 0.0
    for letter in text:
        step = font.width(letter)
        if width + step > most and not ABOVE.match(letter):
            lines.append(line)
            line, width = "", 0.0
        line += letter
        width += step
    return [*lines, line]


def _written(lines: list[str], font: TrueType) -> bytes:
    """Return a page's content; an empty line is half a line of space, which parts two passages."""
    parts, y = [f"BT /F {SIZE} Tf"], float(A4[1] - MARGIN)
    for line in lines:
        y -= LINE if line else LINE * 0.35
        if line and y > MARGIN / 2:
            parts.append(f"1 0 0 1 {MARGIN} {y:.1f} Tm <{font.encoded(line)}> Tj")
    return "\n".join([*parts, "ET"]).encode("ascii")


def _scan(pdf: pikepdf.Pdf, page: pikepdf.Page, lines: list[str]) -> None:
    """Put a picture of the page in its place, black and white, as an office's scanner makes it."""
    scale = SCAN_DPI / 72
    image = Image.new("1", (round(A4[0] * scale), round(A4[1] * scale)), 1)
    draw = ImageDraw.Draw(image)
    face = ImageFont.truetype(next(path for path in FONTS if Path(path).exists()), round(SIZE * scale))
    y = MARGIN * scale
    for line in lines:
        draw.text((MARGIN * scale, y), line, font=face, fill=0)
        y += (LINE if line else LINE * 0.35) * scale
    stream = pdf.make_stream(zlib.compress(image.tobytes()))
    for key, value in {
        "Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": image.width, "Height": image.height,
        "ColorSpace": pikepdf.Name.DeviceGray, "BitsPerComponent": 1, "Filter": pikepdf.Name.FlateDecode,
    }.items():  # fmt: skip
        stream[f"/{key}"] = value
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=stream))
    page.Contents = pdf.make_stream(f"q {A4[0]} 0 0 {A4[1]} 0 0 cm /I Do Q".encode("ascii"))
