"""Marks on pages that are turned and cropped, looked at through two renderers: colour on the right words and nowhere else."""

import re
from pathlib import Path

import numpy as np
import pikepdf
import pymupdf
import pypdfium2
import pytest
from PIL import Image

from pipeline.export.marking.pdf_marks import BOOKMARKS, mark_pdf
from pipeline.export.marking.point_marks import Mark
from rubric.exceptions import BrokenDocument, EncryptedDocument

WORDS = {"FIRST LINE OF WORDS": (120, 640), "SECOND LINE": (150, 400), "THIRD": (300, 200)}
NOTE = "ประเด็นที่ 1 ภาวะผู้นำ\nผู้ประเมิน: ใช้เป็นหลักฐาน"


def drawn(path: Path, rotate: int = 0, media=(0, 0, 595, 842), crop=None, encryption=None) -> Path:
    """A page with three lines at known places of its own space."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(media[2] - media[0], media[3] - media[1]))
    page = pdf.pages[0]
    page.mediabox = pikepdf.Array(media)
    if crop:
        page.cropbox = pikepdf.Array(crop)
    if rotate:
        page.obj.Rotate = rotate
    text = " ".join(f"BT /F 20 Tf {x} {y} Td ({words}) Tj ET" for words, (x, y) in WORDS.items())
    page.obj.Contents = pdf.make_stream(text.encode())
    page.obj.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
    )
    pdf.save(path, encryption=encryption or False)
    return path


def box_of(path: Path, words: str) -> tuple[float, float, float, float]:
    """Where words stand on the page as shown, from another library than ours."""
    with pymupdf.open(path) as document:
        page = document[0]
        found = page.search_for(words)[0] * page.rotation_matrix
        return tuple(found)


def mark(path: Path, words: str, point: int = 1, refused: bool = False) -> Mark:
    boxes = {1: (box_of(path, words),)}
    return Mark(point, point, f"ประเด็นที่ {point}", words, boxes, refused, NOTE)


def by_pdfium(path: Path) -> np.ndarray:
    page = pypdfium2.PdfDocument(path)[0]
    return np.asarray(page.render(scale=2, may_draw_forms=True).to_pil().convert("RGB"), int)


def by_mupdf(path: Path) -> np.ndarray:
    with pymupdf.open(path) as document:
        pixels = document[0].get_pixmap(matrix=pymupdf.Matrix(2, 2))
        return np.asarray(Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples), int)


def coloured(picture: np.ndarray) -> np.ndarray:
    """Where a page that was black on white is neither black, white nor grey."""
    return picture.max(axis=2) - picture.min(axis=2) > 20


@pytest.mark.parametrize("render", [by_pdfium, by_mupdf])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (60, 100, 560, 760)])
@pytest.mark.parametrize("media", [(0, 0, 595, 842), (-40, 30, 600, 870)])
def test_colour_lies_on_the_marked_words_and_only_there(tmp_path: Path, render, rotate, crop, media) -> None:
    source = drawn(tmp_path / "a.pdf", rotate, media, crop)
    out = tmp_path / "out.pdf"
    told = mark_pdf(source, out, [mark(source, "FIRST LINE OF WORDS"), mark(source, "THIRD", 2)], "สำเนา")
    assert (told.placed, told.lost) == (2, 0)
    before, after = render(source), render(out)
    assert before.shape == after.shape
    seen = coloured(after)
    allowed = np.zeros_like(seen)
    for words in ("FIRST LINE OF WORDS", "THIRD"):
        x0, y0, x1, y1 = (round(2 * v) for v in box_of(source, words))
        assert seen[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2].mean() > 0.6, words
        allowed[max(0, y0 - 4) : y1 + 4, max(0, x0 - 28) : x1 + 4] = True  # its number stands before it
    allowed[:110, :110] = True  # the first note
    assert not (seen & ~allowed).any()
    x0, y0, x1, y1 = (round(2 * v) for v in box_of(source, "SECOND LINE"))
    assert np.abs(before[y0:y1, x0:x1] - after[y0:y1, x0:x1]).max() <= 3, "blending rounds"


def test_points_differ_without_colours_too_and_the_words_stay_readable(tmp_path: Path) -> None:
    source = drawn(tmp_path / "a.pdf")
    pictures = []
    for point in (1, 2, 3):
        mark_pdf(source, tmp_path / "out.pdf", [mark(source, "FIRST LINE OF WORDS", point)], "สำเนา")
        pictures.append(by_pdfium(tmp_path / "out.pdf").mean(axis=2))
    x0, y0, x1, y1 = (round(2 * v) for v in box_of(source, "FIRST LINE OF WORDS"))
    for picture in pictures:
        assert picture[y0:y1, x0:x1].min() < 40, "black stays black under a multiplied colour"
    lines = [picture[y1 - 2 : y1 + 2, x0:x1] < 160 for picture in pictures]
    assert len({line.mean().round(1) for line in lines}) == 3, "lines of different patterns"


def test_pages_are_otherwise_untouched_and_the_file_says_what_it_is(tmp_path: Path) -> None:
    source = drawn(tmp_path / "a.pdf")
    whole = source.read_bytes()
    mark_pdf(
        source, tmp_path / "out.pdf", [mark(source, "THIRD", 3, refused=True)], "สำเนาของ a.pdf\nSHA-256: abc"
    )
    assert source.read_bytes() == whole
    with pikepdf.open(source) as before, pikepdf.open(tmp_path / "out.pdf") as after:
        old, new = before.pages[0], after.pages[0]
        assert old.obj.Contents.read_bytes() == new.obj.Contents.read_bytes()
        assert {key for key in new.obj if key not in old.obj} == {"/Annots"}
        first, second = new.obj.Annots
        assert str(first.Contents) == "สำเนาของ a.pdf\nSHA-256: abc" and first.Subtype == "/Text"
        assert second.Subtype == "/Highlight" and str(second.Contents) == NOTE
        assert str(second["/T"]) == "khetcheck ประเด็นที่ 3"
        x = [float(v) for v in second.QuadPoints]
        assert x[1] == x[3] > x[5] == x[7] and x[0] == x[4] < x[2] == x[6], (
            "upper left, upper right, lower left, lower right"
        )
    with pymupdf.open(tmp_path / "out.pdf") as document:
        assert [title for _, title, _ in document.get_toc()] == [BOOKMARKS, "ประเด็นที่ 3 (1 ข้อความ)", "THIRD"]
        assert [annotation.info["content"] for annotation in document[0].annots()][1] == NOTE


def test_annotations_that_were_there_stay(tmp_path: Path) -> None:
    source = drawn(tmp_path / "a.pdf")
    mark_pdf(source, tmp_path / "once.pdf", [mark(source, "THIRD")], "หนึ่ง")
    mark_pdf(tmp_path / "once.pdf", tmp_path / "twice.pdf", [mark(source, "SECOND LINE")], "สอง")
    with pikepdf.open(tmp_path / "twice.pdf") as pdf:
        assert len(pdf.pages[0].obj.Annots) == 4


def test_a_mark_on_a_page_that_is_not_there_is_counted_as_lost(tmp_path: Path) -> None:
    source = drawn(tmp_path / "a.pdf")
    far = Mark(1, 1, "ประเด็นที่ 1", "x", {9: ((1, 2, 3, 4),)}, False, "x")
    told = mark_pdf(source, tmp_path / "out.pdf", [far, Mark(1, 1, "t", "x", {}, False, "x")], "สำเนา")
    assert (told.placed, told.lost) == (0, 2)


def test_a_locked_file_that_can_be_read_gives_an_open_copy_and_one_that_cannot_none(tmp_path: Path) -> None:
    locked = drawn(tmp_path / "a.pdf", encryption=pikepdf.Encryption(owner="secret", user=""))
    told = mark_pdf(locked, tmp_path / "out.pdf", [mark(locked, "THIRD")], "สำเนา")
    assert told.locked
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert not pdf.is_encrypted
        assert "ล็อก" in str(pdf.pages[0].obj.Annots[0].Contents)
    shut = drawn(tmp_path / "b.pdf", encryption=pikepdf.Encryption(owner="secret", user="secret"))
    with pytest.raises(EncryptedDocument):
        mark_pdf(shut, tmp_path / "none.pdf", [], "สำเนา")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(BrokenDocument):
        mark_pdf(tmp_path / "c.pdf", tmp_path / "none.pdf", [], "สำเนา")
    assert not (tmp_path / "none.pdf").exists()


def test_signatures_of_the_original_are_told(tmp_path: Path) -> None:
    source = drawn(tmp_path / "a.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        field = pdf.make_indirect(
            pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="s", V=pikepdf.Dictionary(Type=pikepdf.Name.Sig))
        )
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        pdf.save(source)
    assert mark_pdf(source, tmp_path / "out.pdf", [], "สำเนา").signatures == 1
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert re.search(r"ลายมือชื่อดิจิทัล 1 รายการ", str(pdf.pages[0].obj.Annots[0].Contents))
