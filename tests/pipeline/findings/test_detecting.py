"""Findings and inference: what fires, and what must not."""

from typing import Any

import pytest

from models.passages import DocumentKind
from models.text.offices import acts_for_another, mentions, parse_office, same_office
from models.text.years import fiscal_years, title_years
from pipeline.blocks import Problem
from pipeline.findings.detected import Held
from pipeline.findings.detecting import find_all
from pipeline.screening.inference import infer_kind, infer_office, infer_round, infer_year
from rubric import load_rubric
from rubric.language import Bilingual
from tests import examples

OWN = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2"
RUBRIC = load_rubric("esa-2560-1.1")


def found(*texts: str, kind: DocumentKind = "report", office: str = OWN, **given: Any) -> list[str]:
    """Kinds of the findings about one document of these paragraphs (the required others being there)."""
    others: list[Held] = [
        Held(examples.reading(["x"], file=f"{k}.pdf", sha256=k.ljust(64, "0")), k) for k in ("plan", "report")
    ]  # type: ignore[arg-type]
    held = Held(examples.reading(texts, **given), kind)
    return [f.kind for f in find_all([held, *others], RUBRIC, office, 2565, ())]


@pytest.mark.parametrize("missing", ["plan", "report"])
def test_a_missing_required_document_is_named(missing: DocumentKind) -> None:
    sent: DocumentKind = "report" if missing == "plan" else "plan"
    [finding] = find_all([Held(examples.reading(["x"]), sent)], RUBRIC, OWN, 2565, ())
    assert finding.kind == "missing_document" and finding.document is None
    assert finding.message and finding.message_en


def test_a_document_sent_and_unreadable_is_not_missing() -> None:
    broken = examples.reading([], problems=(Problem("broken", Bilingual("เสีย", "Broken.")),))
    assert found_kinds(broken) == ["unreadable"]


def found_kinds(reading: Any) -> list[str]:
    others = Held(examples.reading(["x"], file="plan.pdf", sha256="b" * 64), "plan")
    return [f.kind for f in find_all([Held(reading, "report"), others], RUBRIC, OWN, 2565, ())]


def test_a_lost_page_is_named_with_its_number() -> None:
    problems = (
        Problem("page_unreadable", Bilingual("หน้า 3", "Page 3."), 3),
        Problem("extension_wrong", Bilingual("-", "-")),
    )
    reading = examples.reading(["ก"], problems=problems)
    [finding] = find_all([Held(reading, "report"), Held(reading, "plan")], RUBRIC, OWN, 2565, ())[:1]
    assert (finding.kind, finding.page) == ("partly_unreadable", 3)


@pytest.mark.parametrize(
    "title",
    [
        "รายงานผลการดำเนินงาน ประจำปีงบประมาณ พ.ศ. ๒๕๖๔",
        "แผนปฏิบัติการประจำปี 2566",
    ],
)
def test_a_title_of_another_year_is_found(title: str) -> None:
    assert "wrong_fiscal_year" in found(title)


@pytest.mark.parametrize(
    "title",
    [
        "รายงานผล ปีงบประมาณ พ.ศ. 2565",
        "แผนพัฒนาการศึกษา พ.ศ. 2563 - 2565 ประจำปีงบประมาณ พ.ศ. 2564",
        "รายงานผล ปีการศึกษา 2564",
        "รายงานผลการดำเนินงาน",
        "เปรียบเทียบปีงบประมาณ พ.ศ. 2564 และปีงบประมาณ พ.ศ. 2565",
    ],
    ids=["own", "range", "school-year", "none", "both"],
)
def test_a_title_that_is_not_wrong_is_left_alone(title: str) -> None:
    assert "wrong_fiscal_year" not in found(title)


def test_last_years_results_inside_a_plan_are_no_wrong_year() -> None:
    title = ["แผนปฏิบัติการ", *["คำนำ"] * 15]
    texts = [*title, *["ผลการดำเนินงานปีงบประมาณ พ.ศ. 2564"] * 9, "เป้าหมายปีงบประมาณ พ.ศ. 2565"]
    assert "wrong_fiscal_year" not in found(*texts, kind="plan")
    assert "wrong_fiscal_year" in found(*texts, kind="report")


@pytest.mark.parametrize(
    "text",
    [
        "สพป.ภูคีรี เขต 1 ได้จัดประชุมผู้บริหารสถานศึกษา จำนวน 120 คน",
        "บุคลากรของสำนักงานเขตพื้นที่การศึกษามัธยมศึกษานครวารีได้รับการพัฒนา",
        "สพป.ศรีธารา เขต 1 ดำเนินการนิเทศครบทุกโรงเรียน",
    ],
    ids=["other-province", "secondary", "neighbour-number"],
)
def test_another_offices_doings_are_found(text: str) -> None:
    assert found("รายงานผล", text).count("other_office") == 1


@pytest.mark.parametrize(
    "text",
    [
        "สพป.ศรีธารา เขต 2 จัดอบรมร่วมกับ สพป.ภูคีรี เขต 1",
        "ศึกษาดูงาน ณ สพป.ภูคีรี เขต 1",
        "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต ๒ ได้ดำเนินการ",
        "สพท.ศรีธารา เขต 2 ได้ดำเนินการ",
        "สพป.ศธ.2 ได้ดำเนินการ",
        "โรงเรียนบ้านภูคีรีได้จัดกิจกรรม",
        "สพฐ. แจ้งให้ สพป. ทุกเขตรายงาน",
        "สำนักงานเขตพื้นที่การศึกษาได้จัดทำแผน",
        "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาประถมศึกษาภูคีรี เขต 1 ย้ายมาดำรงตำแหน่ง",
    ],
    ids=["partner", "visit", "thai-digits", "alias", "abbreviation", "school", "all", "unnamed", "transfer"],
)
def test_own_names_partners_and_schools_are_no_other_office(text: str) -> None:
    assert "other_office" not in found("รายงานผล", text)


def test_a_title_page_of_another_office_is_found_once() -> None:
    kinds = found("รายงานผลการดำเนินงาน", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาภูคีรี เขต 1", "สพป.ภูคีรี เขต 1 ได้จัดประชุม")
    assert kinds.count("other_office") == 1


def test_links_and_videos_are_listed_not_dropped() -> None:
    reading = examples.reading(["ก"], links=("https://youtu.be/x", "https://example.org/\x1b[31m"))
    [finding] = [
        f for f in find_all([Held(reading, "report")], RUBRIC, OWN, 2565, ()) if f.kind == "not_read"
    ]
    assert "https://youtu.be/x" in finding.quote and "\x1b" not in finding.quote


def test_mistakes_in_submission_yaml_are_findings() -> None:
    kinds = [f.kind for f in find_all([], RUBRIC, "", None, [Bilingual("ผิด", "Wrong.")])]
    assert kinds[0] == "submission_file"


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("สพป.ศรีธารา เขต 2", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต ๒", True),
        ("สพท.ศรีธารา เขต 2", "สพป.ศรีธารา 2", True),
        ("สพป.นศ.2", "สพป.นครศรีธรรมราช เขต 2", True),
        ("สพม.เขต 14", "สพม.พังงา", True),
        ("สพป.ศรีธารา เขต 2", "สพป.ศรีธารา เขต 3", False),
        ("สพป.ศรีธารา เขต 2", "สพม.ศรีธารา", False),
        ("สพป.ศรีธารา เขต 2", "สพป.ภูคีรี เขต 2", False),
    ],
)
def test_offices_are_told_apart_by_their_many_names(name: str, other: str, same: bool) -> None:
    assert same_office(parse_office(name), parse_office(other)) is same
    assert same_office(parse_office(other), parse_office(name)) is same


def test_a_short_name_is_found_where_the_text_runs_on_without_blanks() -> None:
    assert [mention.office.key for mention in mentions("แผนของสพป.ศรีธารา เขต 2")] == ["สพป.ศรีธารา 2"]


def test_a_name_running_into_its_sentence_is_cut() -> None:
    [mention] = mentions("สำนักงานเขตพื้นที่การศึกษามัธยมศึกษานครวารีได้ดำเนินการ")
    assert mention.office.area == "นครวารี"
    assert acts_for_another("สพม. สรุปผลการดำเนินงาน", parse_office(OWN)) is None


@pytest.mark.parametrize(
    ("file", "title", "kind"),
    [
        ("รายงานผลการดำเนินงานตามแผนปฏิบัติการ.pdf", "", "report"),
        ("แผนปฏิบัติการ 2565.docx", "", "plan"),
        ("action_plan.pdf", "", "plan"),
        ("รายงานการประชุม 3.pdf", "", "other"),
        ("scan001.pdf", "แผนปฏิบัติการประจำปีงบประมาณ พ.ศ. 2565", "plan"),
        ("scan002.pdf", "รายงานผลการบริหารจัดการ", "report"),
        ("scan003.pdf", "รายงานการประชุมคณะกรรมการ", "other"),
        ("scan004.pdf", "ภาพถ่าย", "other"),
    ],
)
def test_kinds_are_told_from_names_then_titles(file: str, title: str, kind: str) -> None:
    assert infer_kind(examples.reading([title] if title else [], file=file))[0] == kind


def test_office_year_and_round_are_told_from_the_documents() -> None:
    plan = examples.reading(["แผนปฏิบัติการประจำปีงบประมาณ พ.ศ. ๒๕๖๕", OWN], file="plan.pdf")
    report = examples.reading(["รายงานผล รอบ 12 เดือน", *["สพป.ภูคีรี เขต 1"] * 3], page_sizes=())
    assert parse_office(infer_office([plan, report])).key in ("สพป.ศรีธารา 2", "สพป.ภูคีรี 1")
    assert parse_office(infer_office([plan])).key == "สพป.ศรีธารา 2"
    assert (infer_year([plan, report]), infer_round([plan, report])) == (2565, 12)
    assert (infer_office([]), infer_year([]), infer_round([])) == ("", None, None)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("ปีงบประมาณ พ.ศ. ๒๕๖๕ และปีงบประมาณ 2564", [2565, 2564]),
        ("ปีการศึกษา 2565", []),
        ("พ.ศ. 2563 - 2565", []),
        ("งบประมาณประจำปี 2565", [2565]),
    ],
)
def test_fiscal_years_are_not_other_years(text: str, years: list[int]) -> None:
    assert fiscal_years(text) == years
    assert title_years("ประจำปี 2565") == [2565]


def test_a_long_document_of_another_body_is_asked_about_in_both_languages() -> None:
    law = [f"มาตรา {n} ให้อธิการบดีมีอำนาจออกระเบียบว่าด้วยการจ่ายเงินทดรองของมหาวิทยาลัย" for n in range(200)]
    assert "foreign_document" in found(*law)
    assert "foreign_document" not in found(*law, "เสนอสำนักงานเขตพื้นที่การศึกษา")
    assert "foreign_document" not in found(*law[:20])
    [told] = [
        finding
        for finding in find_all([Held(examples.reading(law), "report")], RUBRIC, OWN, 2565, ())
        if finding.kind == "foreign_document"
    ]
    assert told.document == "report.pdf" and "ไฟล์ที่ถูกต้องหรือไม่" in told.message
    assert told.message_en is not None and "the right file?" in told.message_en
