"""Scans: text, tables, slant, pages on their side, blank sheets, missing program; results kept by picture."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz import fuzz

from benchmarks.reading.thaipdf import ThaiPdf
from pipeline.reading import read_file
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.ocr import ink as look
from pipeline.reading.ocr import tesseract
from pipeline.reading.ocr.picture_files import read_image
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.outcomes import problem
from rubric.exceptions import BrokenDocument, ConverterMissing
from tests.needs import absent, needs_tesseract
from tests.pipeline.reading.pdf.pdf_reading import blocks_of, pages_of

LINES = (
    "สำนักงานเขตพื้นที่การศึกษาจัดประชุมติดตามผล",
    "การดำเนินงานทุกไตรมาส มีผู้เข้าร่วม 74 คน",
    "และนำผลไปปรับปรุงแผนปฏิบัติการ",
)


def font(size: int) -> ImageFont.FreeTypeFont:
    program = shutil.which("fc-match")
    if program is None:
        absent("fontconfig")
    found = subprocess.run(
        [program, "-f", "%{file}", "Garuda"], capture_output=True, text=True, check=True
    ).stdout
    if "aruda" not in found:
        absent("the Thai font Garuda")
    return ImageFont.truetype(found, size)


def sheet() -> Image.Image:
    """A page of three lines at 200 dpi, with a little scanner noise."""
    page = Image.new("L", (1654, 2339), 245)
    draw = ImageDraw.Draw(page)
    for place, text in enumerate(LINES):
        draw.text((230, 300 + 90 * place), text, font=font(44), fill=20)
    grain = np.random.default_rng(7).normal(0, 4, (2339, 1654))
    return Image.fromarray(np.clip(np.asarray(page) + grain, 0, 255).astype(np.uint8))


def scan_pdf(path: Path, *pictures: Image.Image) -> Path:
    pdf = ThaiPdf()
    for picture in pictures:
        pdf.page().picture(0, 0, 595, 842, picture)
    return pdf.save(path)


def likeness(pages: list[PageReading]) -> float:
    text = "".join(block.text for block in assemble(pages)).replace(" ", "")
    return fuzz.ratio(text, "".join(LINES).replace(" ", ""))


@needs_tesseract
def test_a_scanned_page_is_read_with_boxes_where_its_lines_are(tmp_path: Path) -> None:
    page = pages_of(scan_pdf(tmp_path / "a.pdf", sheet()), OcrSettings())[0]
    assert page.read_by == "ocr"
    assert likeness([page]) > 93
    assert [round(element.box.x0 / 3) for element in page.elements] == [round(230 * 72 / 200 / 3)] * 3
    for place, element in enumerate(page.elements):
        baseline = (300 + 90 * place + 45) * 72 / 200
        assert element.box.y0 < baseline < element.box.y1


@needs_tesseract
def test_blocks_say_that_ocr_read_them(tmp_path: Path) -> None:
    blocks = blocks_of(scan_pdf(tmp_path / "a.pdf", sheet()), OcrSettings())
    assert blocks and {block.read_by for block in blocks} == {"ocr"}


@needs_tesseract
@pytest.mark.parametrize(
    "turn", [1.6, -1.6, 90, 270], ids=["slanting down", "slanting up", "on its side", "on the other side"]
)
def test_a_crooked_page_is_read_and_its_boxes_lie_on_the_page_as_shown(tmp_path: Path, turn: float) -> None:
    crooked = sheet().rotate(
        -turn, expand=turn in (90, 270), fillcolor=245, resample=Image.Resampling.BICUBIC
    )
    path = tmp_path / "a.png"
    crooked.save(path, dpi=(200, 200))
    pages: list[PageReading] = []
    read_image(path, on_page=pages.append, ocr=OcrSettings())
    assert likeness(pages) > 85
    ink = look.dark(crooked)
    scale = 200 / 72
    covered = 0
    for block in assemble(pages):
        for box in block.boxes:
            x0, y0, x1, y1 = (int(value * scale) for value in box)
            covered += int(ink[max(y0 - 25, 0) : y1 + 25, max(x0 - 25, 0) : x1 + 25].sum())
    assert covered > 0.9 * ink.sum()


@needs_tesseract
def test_rows_of_a_scanned_table_keep_their_cells(tmp_path: Path) -> None:
    page = sheet()
    draw = ImageDraw.Draw(page)
    rows = [("รายการ", "จำนวน"), ("โครงการ", "31,500"), ("ค่าวัสดุ", "8,800")]
    for place in range(4):
        draw.line((230, 800 + 90 * place, 1200, 800 + 90 * place), fill=10, width=3)
    for x in (230, 800, 1200):
        draw.line((x, 800, x, 1070), fill=10, width=3)
    for place, (left, right) in enumerate(rows):
        draw.text((250, 812 + 90 * place), left, font=font(44), fill=20)
        draw.text((820, 812 + 90 * place), right, font=font(44), fill=20)
    blocks = blocks_of(scan_pdf(tmp_path / "a.pdf", page), OcrSettings())
    read = [block.text for block in blocks if block.type == "table_row"]
    assert len(read) == 3
    for text, (left, right) in zip(read, rows, strict=True):
        assert fuzz.ratio(text, f"| {left} | {right} |") > 85


def test_a_blank_sheet_has_no_text_and_no_complaint(tmp_path: Path) -> None:
    blank = Image.new("L", (1654, 2339), 248)
    page = pages_of(scan_pdf(tmp_path / "a.pdf", blank), OcrSettings())[0]
    assert (page.elements, page.problems) == ((), ())


def test_without_ocr_a_scan_says_that_it_was_not_read(tmp_path: Path) -> None:
    page = pages_of(scan_pdf(tmp_path / "a.pdf", sheet()), None)[0]
    assert page.problems == ("ocr_off",)
    told = read_file(tmp_path / "a.pdf", ocr=False).problems
    assert [(problem.code, problem.page) for problem in told] == [("page_unreadable", 1)]
    assert "ภาพ" in told[0].message.th and "OCR is switched off" in told[0].message.en


def test_without_the_program_a_scan_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tesseract, "available", lambda languages: False)
    page = pages_of(scan_pdf(tmp_path / "a.pdf", sheet()), OcrSettings())[0]
    assert page.problems == ("ocr_missing",)
    assert "Tesseract" in problem("page_unreadable", 1, {"why": page.problems[0]}).message.en
    with pytest.raises(ConverterMissing):
        tesseract.read_picture(sheet(), OcrSettings())


@needs_tesseract
def test_a_page_read_before_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = OcrSettings(cache=tmp_path / "kept")
    path = scan_pdf(tmp_path / "a.pdf", sheet())
    first = pages_of(path, settings)
    monkeypatch.setattr(tesseract, "_run", lambda *_: pytest.fail("Tesseract was run again"))
    assert pages_of(path, settings) == first


def test_text_pages_and_scans_stand_side_by_side(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for place in range(4):
        pdf.line(60, 100 + 24 * place, "ข้อความธรรมดาของรายงานประจำปีนี้", 14)
    pdf.page().picture(0, 0, 595, 842, Image.new("L", (200, 280), 30))
    pages = pages_of(pdf.save(tmp_path / "a.pdf"), None)
    assert [page.read_by for page in pages] == ["text", "ocr"]


def test_a_file_that_is_no_picture_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 50)
    with pytest.raises(BrokenDocument):
        read_image(path, on_page=lambda page: None, ocr=None)


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    frames = [Image.new("L", (827, 1169), 255) for _ in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], dpi=(100, 100))
    pages: list[PageReading] = []
    assert read_image(path, on_page=pages.append, ocr=OcrSettings()) == 3
    assert [(page.page, round(page.width), round(page.height)) for page in pages] == [
        (n, 595, 842) for n in (1, 2, 3)
    ]


@pytest.mark.parametrize("degrees", [-2.0, -0.7, 0.0, 0.9, 2.0])
def test_slant_is_measured(degrees: float) -> None:
    bars = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(bars)
    for row in range(20):
        for word in range(12):
            draw.rectangle((200 + 105 * word, 300 + 80 * row, 280 + 105 * word, 324 + 80 * row), fill=0)
    turned = bars.rotate(-degrees, fillcolor=255, resample=Image.Resampling.BICUBIC)
    assert abs(look.slant(look.dark(turned)) - degrees) < 0.15
