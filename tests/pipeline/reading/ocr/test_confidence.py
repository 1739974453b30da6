"""Lines read by OCR know how sure it is; junk is no line; numbers that two looks read differently are named."""

import pytest
from PIL import Image

from pipeline.blocks import Box
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.layout.pages import PageReading, TextLine, page_from_json, page_to_json
from pipeline.reading.ocr import confidence, scanned_page
from pipeline.reading.ocr.confidence import doubtful_numbers, with_confidence
from pipeline.reading.ocr.tesseract import Letter, OcrSettings

SCALE = 0.5


def letters(text: str, y: int, sure: float) -> list[Letter]:
    return [Letter(piece, 100 + 20 * at, y, 118 + 20 * at, y + 30, y, sure) for at, piece in enumerate(text)]


def line(text: str, y: int) -> TextLine:
    return TextLine(text, Box(50, (y - 8) * SCALE, 400, (y + 40) * SCALE), (y + 30) * SCALE, 14)


def test_each_line_knows_how_sure_ocr_is_of_it() -> None:
    lines = (line("ประชุมครู", 100), line("ติดตามผล", 200))
    read = letters("ประชุมครู", 100, 96) + letters("ติดตามผล", 200, 60)
    found = with_confidence(lines, read, [], SCALE)
    assert [element.sure for element in found] == [96, 60]
    blocks = assemble([PageReading(1, 595, 842, "ocr", found)])
    assert all(block.confidence is not None and 0.6 <= block.confidence <= 0.96 for block in blocks)


@pytest.mark.parametrize(("text", "sure"), [("==<", 70), ("1=๒ 1", 40), ("->|", 30), ("กรฟฟฬฆฌ", 30)])
def test_what_ocr_makes_of_arrows_and_frames_is_no_line(text: str, sure: float) -> None:
    assert with_confidence((line(text, 100),), letters(text, 100, sure), [], SCALE) == ()


@pytest.mark.parametrize(("text", "sure"), [("๑.", 80), ("ประชุมครู", 45), ("(1,500)", 90), ("Line OA", 70)])
def test_short_and_faint_lines_of_text_stay(text: str, sure: float) -> None:
    assert len(with_confidence((line(text, 100),), letters(text, 100, sure), [], SCALE)) == 1


@pytest.mark.parametrize(("again", "doubtful"), [("ปี๒๕๖๐", ()), ("ปี๒๕๒๐", ("๒๕๖๐",)), ("", ("๒๕๖๐",))])
def test_a_number_that_a_second_look_reads_differently_is_named(
    monkeypatch: pytest.MonkeyPatch, again: str, doubtful: tuple[str, ...]
) -> None:
    second = [Letter(piece, 20 * at, 60, 20 * at + 18, 90, 0, 90) for at, piece in enumerate(again)]
    monkeypatch.setattr(confidence, "read_picture", lambda *_, **__: second)
    read = letters("ปี๒๕๖๐", 100, 90)
    seen = doubtful_numbers(Image.new("L", (600, 400), 255), read, OcrSettings())
    (found,) = with_confidence((line("ปี๒๕๖๐", 100),), read, seen, SCALE)
    assert found.numbers == doubtful
    page = PageReading(1, 595, 842, "ocr", (found,))
    assert page_from_json(page_to_json(page)) == page
    assert assemble([page])[0].doubtful_numbers == doubtful


def test_a_page_whose_words_are_no_words_is_told_and_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    junk = (line("ฟฬฆฌ ฎฐฑฒ ฬฟฆญ ฏฎฑฬ ฆฌฟฎ ฐฬฏฑ ฒฆฟฬ ฌฎฐฏ ฟฬฆฌฎ", 100),)
    monkeypatch.setattr(scanned_page, "read_by_ocr", lambda *_: (junk, 0.0))
    picture = Image.new("L", (600, 400), 255)
    picture.paste(0, (50, 50, 200, 80))
    page = scanned_page.read_scan(picture, 1, 595, 842, OcrSettings())
    assert page.problems == ("no_words_found",)
    assert all(element.doubtful for element in page.elements)
