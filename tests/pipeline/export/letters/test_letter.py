"""The letter read back: what it says, that nothing is said that it may not say, and that Thai is set in Thai type."""

from pathlib import Path
from typing import Any

import docx
import pdfplumber
import pytest
from docx.oxml.ns import qn

from pipeline.export.letters import letter_file
from pipeline.export.letters.letter import letter_of
from pipeline.export.letters.letter_life import write_letter
from pipeline.export.letters.missing import missing_parts
from pipeline.export.letters.paper.front_page import NOT_DECIDED
from pipeline.export.letters.paper.thai_type import OFFICE_FONT
from pipeline.export.letters.paper.word_letter import write_word
from pipeline.export.letters.thai_office import thai_digits
from pipeline.export.request import Request
from pipeline.export.results import Passage, PointResult, SubmissionResult
from pipeline.export.results_loading import results
from pipeline.reading import read_file
from pipeline.store.database import Store
from rubric.exceptions import ConverterMissing, NotFoundError, SettingsError
from tests.needs import needs_office
from tests.pipeline.export import reviewed
from tests.pipeline.export.letters.desks import TODAY, desk_of
from tests.pipeline.review.samples import RUBRIC


def result(store: Store, name: str) -> SubmissionResult:
    with store.snapshot() as session:
        return next(results(session, Request(rubric=RUBRIC, submission=name)))


def written(store: Store, name: str, out: Path) -> None:
    write_letter(desk_of(store), name, out)


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def point(**given: Any) -> PointResult:
    values: dict[str, Any] = {
        "point": 5,
        "drafted": "done",
        "done_probability": 0.9,
        "clear_probability": 0.2,
        **given,
    }
    return PointResult(**values)


def missing(number: int, mine: PointResult, state: str = "done") -> dict[str, tuple[str, ...]]:
    found = {facet.key: missing_parts(facet, mine, state) for facet in RUBRIC.point(number).facets}  # type: ignore[arg-type]
    return {key: parts for key, parts in found.items() if parts is not None}


def shown(*facets: str, said_by: str = "draft") -> Passage:
    return Passage(document="a.pdf", page=1, text="x", facets=facets, said_by=said_by)  # type: ignore[arg-type]


def test_a_letter_follows_the_decision_and_asks_by_number(filled: Store) -> None:
    made = letter_of(result(filled, "s01"), RUBRIC, TODAY)
    assert made.decided and made.score == 3 and made.score_wording
    assert [one.decision for one in made.points][3:5] == [
        "มีการดำเนินการ และมีความชัดเจน",
        "มีการดำเนินการ แต่ยังไม่มีความชัดเจน",
    ]
    assert [ask.number for ask in made.asks] == list(range(1, len(made.asks) + 1))
    assert [one.point.number for one in made.points if one.asks] == [5, 6]
    assert made.points[5].found[0].text.startswith("รายงานผลการดำเนินงานเสนอ"), "what the reviewer added"


def test_without_a_decision_it_is_a_draft_and_tells_no_score(filled: Store, tmp_path: Path) -> None:
    made = letter_of(result(filled, "s03"), RUBRIC, TODAY)
    assert not made.decided and made.score is None and made.changes == ()
    written(filled, "s03", tmp_path / "draft.docx")
    told = text_of(tmp_path / "draft.docx")
    assert told.count(NOT_DECIDED) == 2 and "ระดับคะแนน" not in told
    assert NOT_DECIDED not in text_of(_docx(filled, "s01", tmp_path))


def test_a_facet_is_missing_by_the_draft_unless_a_reviewer_changed_what_shows_it() -> None:
    assert missing(5, point(missing_facets=("b",), evidence=(shown("a", "c"),))) == {"b": ()}
    assert missing(5, point(missing_facets=("b",), evidence=(shown("b", said_by="reviewer"),))) == {}
    assert set(missing(5, point(missing_facets=("b",), evidence=(shown("a"),), rejected=1))) == {
        "b",
        "c",
        "d",
    }
    assert missing(5, point(missing_facets=("a:ภายใน",))) == {"a": ("ภายใน",)}
    assert missing(5, point(missing_facets=("a:ภายใน", "a:ภายนอก"))) == {"a": ()}
    assert set(missing(5, point(), "not_done")) == {"a", "b", "c", "d"}


def test_a_point_that_is_not_clear_is_never_left_without_a_request(filled: Store) -> None:
    base = result(filled, "s01")
    plain = base.model_copy(update={"points": (point(final="done", missing_facets=()),), "findings": ()})
    made = letter_of(plain, RUBRIC, TODAY)
    assert len(made.asks) == 1 and "เลขที่คำสั่ง" in made.points[0].account[0], (
        "an account with detail that can be checked"
    )
    thin = plain.model_copy(update={"points": (point(final="done", unsupported_detail=("c",)),)})
    assert "เข้าถึงกลุ่มเป้าหมาย" in letter_of(thin, RUBRIC, TODAY).asks[0].text


def test_the_word_file_says_what_was_found_and_keeps_reviewers_notes_in_the_house(
    filled: Store, tmp_path: Path
) -> None:
    told = text_of(_docx(filled, "s01", tmp_path))
    assert "๓๐ พฤศจิกายน ๒๕๖๙" in told and "ปีงบประมาณ พ.ศ. ๒๕๖๕" in told and "ได้ระดับคะแนน ๓" in told
    assert (
        "“ใช้ข้อมูลนักเรียนยากจนจากฐานข้อมูลคัดเลือกโรงเรียนเป้าหมาย 12 แห่งเพื่อจัดสรรครูเพิ่ม” (report.pdf หน้า\u00a0๑)"
        in told
    )
    assert "ออกติดตามงานตามทิศทาง" not in told, "the reviewer refused it"
    for note in (reviewed.FORMULA, reviewed.CALL, reviewed.EMOJI):
        assert note not in told


def test_what_an_office_wrote_cannot_break_the_file(filled: Store, tmp_path: Path) -> None:
    base = result(filled, "s01")
    nasty = 'เขต <b>&amp; "๑" \x0b\x00]]> {{ office }}'
    passage = Passage(document=nasty, page=None, text=nasty * 40, facets=("a",))
    changed = base.model_copy(
        update={"office": nasty, "points": (point(point=1, final="done", evidence=(passage,)),)}
    )
    write_word(letter_of(changed, RUBRIC, TODAY), tmp_path / "nasty.docx")
    told = text_of(tmp_path / "nasty.docx")
    assert 'ผู้อำนวยการเขต <b>&amp; "๑" ]]> {{ office }}' in told
    assert "(ตัด / cut)”" in told, "a long quote says that it was cut"


def test_every_letter_of_the_word_file_is_set_in_thai_type(filled: Store, tmp_path: Path) -> None:
    document = docx.Document(str(_docx(filled, "s03", tmp_path)))
    paragraphs = list(document.paragraphs)
    paragraphs += [
        p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs
    ]
    paragraphs += document.sections[0].header.paragraphs
    bold = 0
    for paragraph in paragraphs:
        set_in = paragraph.style.element.rPr
        assert {set_in.rFonts.get(qn(f"w:{slot}")) for slot in ("ascii", "hAnsi", "eastAsia", "cs")} == {
            OFFICE_FONT
        }
        assert not [name for name in set_in.rFonts.attrib if "Theme" in name]
        assert set_in.find(qn("w:szCs")).get(qn("w:val")) == set_in.find(qn("w:sz")).get(qn("w:val"))
        assert set_in.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
        for run in paragraph.runs:
            own = run._element.rPr
            if run.text.strip():
                assert own.find(qn("w:cs")) is not None, run.text
            assert (own is not None and own.find(qn("w:b")) is not None) == (
                own is not None and own.find(qn("w:bCs")) is not None
            )
            bold += own is not None and own.find(qn("w:bCs")) is not None
    assert bold
    assert document.styles["Normal"].element.rPr.find(qn("w:szCs")).get(qn("w:val")) == "32"


@needs_office
def test_the_pdf_shows_thai_in_the_type_of_offices_and_our_reader_reads_it(
    filled: Store, tmp_path: Path
) -> None:
    written(filled, "s01", tmp_path / "letter.pdf")
    made = letter_of(result(filled, "s01"), RUBRIC, TODAY)
    with pdfplumber.open(tmp_path / "letter.pdf") as pdf:
        letters = [char for page in pdf.pages for char in page.chars if "\u0e01" <= char["text"] <= "\u0e5b"]
    assert len(letters) > 1000
    family = letter_file.installed_font().replace(" ", "")
    assert {char["fontname"].split("+")[-1].split("-")[0].split(",")[0] for char in letters} == {family}
    assert {round(char["size"]) for char in letters} == {14, 16, 18, 20}
    assert any("Bold" in char["fontname"] for char in letters)
    read = read_file(tmp_path / "letter.pdf", ocr=False)
    told = "".join("".join(block.text for block in read.blocks).split()).replace("\u00a0", "")
    for one in made.points:
        assert "".join(thai_digits(f"ประเด็นที่ {one.point.number} {one.point.title.th}").split()) in told
        for passage in one.found:
            assert "".join(passage.text.split()) in told


def test_a_letter_that_cannot_be_written_leaves_nothing(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, out, error in (("s01", "x.odt", SettingsError), ("nobody", "x.docx", NotFoundError)):
        with pytest.raises(error):
            written(filled, name, tmp_path / out)
    monkeypatch.setattr(letter_file, "SARABUNS", ("No Such Font",))
    with pytest.raises(ConverterMissing):
        written(filled, "s01", tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


def _docx(store: Store, name: str, folder: Path) -> Path:
    written(store, name, folder / f"{name}.docx")
    return folder / f"{name}.docx"
