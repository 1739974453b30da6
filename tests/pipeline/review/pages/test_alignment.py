"""Blocks of a Word file on the pages made of it: in their place, or nowhere."""

from pathlib import Path

import pytest

from pipeline.blocks import Block, Box
from pipeline.reading.pdf.pdfium import PdfFile
from pipeline.review.pages.alignment import Place, align, in_order, is_proved
from pipeline.review.pages.lines import Rectangle
from pipeline.review.pages.picture_worker import letters
from tests.pipeline.review.samples import Sent


@pytest.fixture(scope="module")
def pdf(documents: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF that LibreOffice made of a Word file."""
    path = tmp_path_factory.mktemp("pdf") / "made.pdf"
    path.write_bytes(documents[0].content)
    return path


@pytest.fixture(scope="module")
def blocks(documents: list[Sent]) -> list[Block]:
    return [block for block in documents[0].reading.blocks if len(block.text) > 60]


def test_each_block_stands_where_its_letters_stand(pdf: Path, blocks: list[Block]) -> None:
    found = align(pdf, [block.text for block in blocks])
    assert sorted(found.places) == list(range(len(blocks)))
    with PdfFile(pdf) as document:
        assert len(found.sizes) == len(document)
    for at, block in enumerate(blocks):
        ((page, boxes),) = found.places[at]
        assert page == block.page
        read = letters(str(pdf), page, [(block.text, boxes)])[0]
        absent = {letter for letter, box in zip(block.text, read, strict=True) if box is None}
        assert absent <= {" ", "ำ"}  # fonts draw the last of two pieces
        for box in boxes:
            assert any(_inside(box, line) for line in block.boxes)


def test_a_text_that_is_not_there_gets_no_box(pdf: Path, blocks: list[Block]) -> None:
    numbered = next(block.text for block in blocks if "2" in block.text)
    other_number = numbered.replace("2", "3", 1)
    middle = blocks[-1].text.index("ก", 10)
    other_letter = blocks[-1].text[:middle] + "ฮ" + blocks[-1].text[middle + 1 :]
    absent = "ข้อความนี้ไม่มีอยู่ในเอกสารที่แปลงแล้ว เพราะโปรแกรมแปลงทำตารางท้ายหน้าหาย"
    texts = [blocks[0].text, other_number, absent, other_letter]
    assert sorted(align(pdf, texts).places) == [0]


def test_twins_of_which_one_was_lost_get_no_box() -> None:
    line: list[Rectangle] = [(60, 100, 300, 118)]
    places: dict[int, list[Place]] = {0: [(1, line)], 1: [(1, [(60, 200, 300, 218)])], 2: [(2, line)]}
    texts = ["ตอนที่หนึ่งเรื่องทิศทาง", "ผ่านเกณฑ์", "ตอนที่สองเรื่องแผน", "ผ่านเกณฑ์"]
    assert in_order(texts, places, "ตอนที่หนึ่งเรื่องทิศทางผ่านเกณฑ์ตอนที่สองเรื่องแผน") == {0, 2}
    both = places | {3: [(2, [(60, 300, 300, 318)])]}
    assert in_order(texts, both, "ตอนที่หนึ่งเรื่องทิศทางผ่านเกณฑ์ตอนที่สองเรื่องแผนผ่านเกณฑ์") == {0, 1, 2, 3}


def test_a_twin_out_of_its_order_gets_no_box() -> None:
    places: dict[int, list[Place]] = {
        0: [(2, [(60, 100, 300, 118)])],
        1: [(1, [(60, 100, 300, 118)])],
    }
    stream = "บทที่หนึ่งรู้จักเขตเนื้อความของบทแรกบทที่หนึ่งรู้จักเขต"
    assert in_order(["เนื้อความของบทแรก", "บทที่หนึ่งรู้จักเขต"], places, stream) == {0}


def test_marks_may_be_repaired_letters_may_not() -> None:
    text = "ที่ประชุมรับทราบรายงานเมื่อวันที่ 14 ตุลาคม 2565".replace(" ", "")
    mark, digit, letter = text.index("่"), text.index("4"), text.index("ช")
    assert is_proved(text, [at for at in range(len(text)) if at != mark])
    assert not is_proved(text, [at for at in range(len(text)) if at != digit])
    assert not is_proved(text, [at for at in range(len(text)) if at != letter])


def _inside(box: Rectangle, line: Box) -> bool:
    return box[0] >= line.x0 - 3 and box[2] <= line.x1 + 3 and box[1] >= line.y0 - 8 and box[3] <= line.y1 + 8
