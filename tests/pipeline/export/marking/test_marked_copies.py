"""Marked copies of a whole submission: Word files by comments, what cannot be marked is told, kept files stay as they are."""

import io
from pathlib import Path

import docx
import pikepdf
import pytest

from pipeline.export.marking.marked_copies import Copied, write_marked_copies
from pipeline.export.marking.point_marks import Mark
from pipeline.export.marking.word_marks import mark_word
from pipeline.export.request import Request
from pipeline.intake.files import LocalFiles
from pipeline.reading import DEFAULT_LIMITS
from pipeline.store.database import Store
from rubric.exceptions import BrokenDocument, NotFoundError
from tests.needs import needs_office
from tests.pipeline.export import reviewed
from tests.pipeline.review.samples import (
    RUBRIC,
    Sent,
    pdf_document,
    plain_document,
    store_case,
    word_document,
)


def copies(store: Store, home: Path, folder: Path, name: str = "s01") -> dict[str, Copied]:
    request = Request(rubric=RUBRIC, submission=name)
    made = write_marked_copies(store, LocalFiles(home / "files"), folder, request, DEFAULT_LIMITS)
    return {one.file: one for one in made}


def mark(text: str, point: int = 1) -> Mark:
    return Mark(point, point, f"ประเด็นที่ {point}", text, {}, False, f"ประเด็นที่ {point}\nร่าง: มีการดำเนินการ")


@needs_office
def test_documents_of_a_reviewed_submission_are_marked_with_what_people_decided(tmp_path: Path) -> None:
    home = tmp_path / "home"
    store = Store.at(home)
    users = reviewed.people(store)
    documents = [pdf_document(tmp_path), word_document(), plain_document("archive.zip/ใน.pdf")]
    store_case(store, home, "s01", documents=documents)
    reviewed.read(store, "s01", users["malee"], "first", dict.fromkeys(range(1, 7), "done"), 1)
    before = {path: path.read_bytes() for path in (home / "files").rglob("*") if path.is_file()}
    done = copies(store, home, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "evidence (ทำเครื่องหมาย).docx",
        "report (ทำเครื่องหมาย).pdf",
    ]
    told = done["report.pdf"].told
    assert told is not None and told.placed >= 8 and told.lost == 0
    with pikepdf.open(tmp_path / "out" / "report (ทำเครื่องหมาย).pdf") as pdf:
        notes = [str(one.Contents) for page in pdf.pages for one in page.obj.get("/Annots", ())]
    assert documents[0].reading.sha256 in notes[0]
    assert any("ผู้ประเมินต่อข้อความนี้: ไม่ใช้เป็นหลักฐาน" in note for note in notes), "refused ones are marked as such"
    assert any("ผู้ประเมินต่อข้อความนี้: ผู้ประเมินเพิ่มเอง" in note for note in notes)
    assert all("ผู้ประเมินตัดสินประเด็นนี้: มีการดำเนินการ แต่ยังไม่มีความชัดเจน" in note for note in notes[1:])
    assert done["archive.zip/ใน.pdf"].error is not None
    word = docx.Document(str(done["evidence.docx"].path))
    comments = [comment.text for comment in word.comments]
    assert "ไม่ใช่ต้นฉบับ" in comments[0] and len(comments) == 4
    assert before == {path: path.read_bytes() for path in before}
    with pytest.raises(NotFoundError):
        copies(store, home, tmp_path / "out", "nobody")
    store.close()


def test_a_file_that_is_gone_or_of_another_kind_is_told_and_the_others_are_marked(tmp_path: Path) -> None:
    home = tmp_path / "home"
    store = Store.at(home)
    picture = plain_document("photo.png")
    store_case(
        store, home, "s01", documents=[Sent(picture.reading, "other", picture.content), word_document()]
    )
    files = LocalFiles(home / "files")
    files.path(picture.reading.sha256).write_bytes(b"\x89PNG\r\n\x1a\n")
    done = copies(store, home, tmp_path / "out")
    assert done["evidence.docx"].path is not None
    assert done["photo.png"].error is not None and "cannot be marked" in str(done["photo.png"].error)
    files.path(picture.reading.sha256).unlink()
    assert "gone" in str(copies(store, home, tmp_path / "out")["photo.png"].error)
    store.close()


def word(tmp_path: Path) -> Path:
    document = docx.Document()
    line = document.add_paragraph("หัวเรื่อง ")
    line.add_run("ผู้อำนวยการออกติดตามงาน 4 ครั้ง ")
    line.add_run("และพบครู 86 แห่ง")
    document.add_paragraph("ข้อความอื่นที่ไม่เกี่ยวข้องกับประเด็นใดเลย")
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "งบประมาณ", "โอน 120,000 บาท"
    document.save(str(tmp_path / "a.docx"))
    return tmp_path / "a.docx"


def commented(path: Path) -> dict[str, str]:
    """Text of each comment with the text of the runs that it is about."""
    document = docx.Document(str(path))
    body = document.element.body
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    found, open_, texts = {}, set(), {}
    for element in body.iter():
        number = element.get(f"{w}id")
        if element.tag == f"{w}commentRangeStart":
            open_.add(number)
        elif element.tag == f"{w}commentRangeEnd":
            open_.discard(number)
        elif element.tag == f"{w}t":
            for one in open_:
                texts[one] = texts.get(one, "") + (element.text or "")
    for comment in document.comments:
        found[comment.text.splitlines()[0]] = texts.get(str(comment.comment_id), "")
    return found


def test_a_comment_is_about_the_very_words(tmp_path: Path) -> None:
    source = word(tmp_path)
    marks = [
        mark("ผู้อำนวยการออกติดตามงาน 4 ครั้ง", 1),
        mark("| งบประมาณ | โอน 120,000 บาท |", 3),
        mark("๑. ข้อความอื่นที่ไม่เกี่ยวข้องกับประเด็นใดเล", 5),
        mark("ไม่มีในเอกสารนี้เลยแม้แต่น้อย", 6),
    ]
    told = mark_word(source, tmp_path / "out.docx", marks, "สำเนา")
    assert (told.placed, told.lost) == (3, 1)
    assert commented(tmp_path / "out.docx") == {
        "สำเนา": "หัวเรื่อง ",
        "[1] ประเด็นที่ 1": "ผู้อำนวยการออกติดตามงาน 4 ครั้ง ",
        "[3] ประเด็นที่ 3": "งบประมาณโอน 120,000 บาท",
        "[5] ประเด็นที่ 5": "ข้อความอื่นที่ไม่เกี่ยวข้องกับประเด็นใดเลย",
    }
    texts = [
        [one.text for one in docx.Document(str(path)).paragraphs] for path in (source, tmp_path / "out.docx")
    ]
    assert texts[0] == texts[1]


def test_a_damaged_word_file_is_told(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", io.BytesIO(b"x").getvalue()):
        (tmp_path / "x.docx").write_bytes(content)
        with pytest.raises(BrokenDocument):
            mark_word(tmp_path / "x.docx", tmp_path / "out.docx", [], "สำเนา")
