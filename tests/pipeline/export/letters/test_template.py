"""An office's own paper: its text and styles stay, the letter stands where it asks for it, a missing style is named."""

from pathlib import Path

import docx
import pytest

from pipeline.export.letters.letter_life import write_letter
from pipeline.export.letters.paper.template import NEEDED, PLACE, load_template, write_starter
from pipeline.store.database import Store
from rubric.exceptions import SettingsError
from tests.pipeline.export.letters.desks import desk_of


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    write_starter(tmp_path / "paper.docx")
    return tmp_path / "paper.docx"


def test_the_starter_is_a_template_that_works(filled: Store, starter: Path, tmp_path: Path) -> None:
    document = docx.Document(str(starter))
    document.paragraphs[0].insert_paragraph_before("สำนักติดตามและประเมินผลการจัดการศึกษาขั้นพื้นฐาน")
    document.add_paragraph("เอกสารฉบับนี้พิมพ์จากระบบ")
    document.styles["Heading 1"].font.name = "Norasi"
    document.save(str(starter))
    template = load_template(starter)
    assert template.latin_only == ()
    write_letter(desk_of(filled, template=template), "s01", tmp_path / "letter.docx")
    made = docx.Document(str(tmp_path / "letter.docx"))
    texts = [one.text for one in made.paragraphs]
    assert texts[0].startswith("สำนักติดตาม") and texts[-1] == "เอกสารฉบับนี้พิมพ์จากระบบ"
    assert PLACE not in texts and "[ตราครุฑ]" not in texts
    assert any(text.startswith("เรียน\tผู้อำนวยการ") for text in texts[1:-1])
    assert made.styles["Heading 1"].font.name == "Norasi"


def test_without_a_mark_the_letter_stands_behind_what_is_there(
    filled: Store, starter: Path, tmp_path: Path
) -> None:
    document = docx.Document(str(starter))
    document.paragraphs[0].text = "หัวกระดาษ"
    document.save(str(starter))
    write_letter(desk_of(filled, template=load_template(starter)), "s01", tmp_path / "letter.docx")
    assert docx.Document(str(tmp_path / "letter.docx")).paragraphs[0].text == "หัวกระดาษ"


def test_a_missing_style_is_named_and_styles_for_latin_letters_alone_are_told(tmp_path: Path) -> None:
    plain = docx.Document()
    plain.save(str(tmp_path / "plain.docx"))
    assert set(load_template(tmp_path / "plain.docx").latin_only) <= set(NEEDED)
    for name in ("List Number", "Caption"):
        style = plain.styles[name]
        style.element.getparent().remove(style.element)
    plain.save(str(tmp_path / "bare.docx"))
    with pytest.raises(SettingsError, match="no style List Number, Caption"):
        load_template(tmp_path / "bare.docx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"%PDF-1.7"])
def test_what_is_no_word_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.docx").write_bytes(content)
    for path in (tmp_path / "x.docx", tmp_path / "none.docx", tmp_path):
        with pytest.raises(SettingsError):
            load_template(path)
