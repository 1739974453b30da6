"""Which sheets the workbook of results has, with their columns: what stands in each cell, not how it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.export.request import Request
from pipeline.export.results import Passage, PointResult, ReadingResult, SubmissionResult
from pipeline.export.safe_text import clean
from pipeline.findings.finding_life import reason_told
from rubric import Rubric
from rubric.language import Bilingual, Language
from rubric.rubric import Point

Value = str | int | float | dt.datetime | None
Row = Sequence[Value]
QUOTE = 400
"""Letters of a passage that a cell shows; the whole passage is on the review page and in the JSON form."""
LEVELS = {
    "not_done": Bilingual("ไม่มีการดำเนินการ", "Not done"),
    "done": Bilingual("มีการดำเนินการ", "Done"),
    "clear": Bilingual("ชัดเจน", "Clear"),
}
KINDS = {
    "first": Bilingual("ผู้ตรวจคนแรก", "First reader"),
    "second": Bilingual("ผู้ตรวจคนที่สอง", "Second reader"),
    "adjudication": Bilingual("ชี้ขาด", "Adjudication"),
}
YES, NO = Bilingual("ใช่", "Yes"), Bilingual("ไม่", "No")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading and width in letters."""

    title: Bilingual
    width: int


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet: its rows for one submission, and the cell left and above of which all stays in sight."""

    title: Bilingual
    columns: tuple[Column, ...]
    rows: Callable[[SubmissionResult, Request], Iterable[Row]]
    freeze: str = "C2"


def level(state: str | None, language: Language) -> str | None:
    """Return a level in words, None while nobody decided."""
    return LEVELS[state].told(language) if state else None


def plans(rubric: Rubric) -> list[SheetPlan]:
    """Return the sheets that grow with each submission: the results, one a point, the readings, the findings."""
    return [_results(rubric), *(_point(point) for point in rubric.points), _readings(rubric), _findings()]


WHO = (Column(Bilingual("รหัสชุดเอกสาร", "Submission"), 16), Column(Bilingual("สำนักงาน", "Office"), 44))


def _results(rubric: Rubric) -> SheetPlan:
    columns = (
        *WHO,
        Column(Bilingual("จังหวัด", "Province"), 16),
        Column(Bilingual("ปีงบประมาณ (พ.ศ.)", "Fiscal year (B.E.)"), 12),
        Column(Bilingual("รอบ (เดือน)", "Round (months)"), 9),
        *(
            Column(Bilingual(f"{point.number}. {point.title.th}", f"{point.number}. {point.title.en}"), 16)
            for point in rubric.points
        ),
        Column(Bilingual("คะแนนที่ตัดสิน", "Final score"), 11),
        Column(Bilingual("คะแนนร่าง", "Draft score"), 10),
        Column(Bilingual("ประเด็นที่ตรงกับร่าง", "Points as drafted"), 12),
        Column(Bilingual("ผู้ตรวจ", "Reviewers"), 24),
        Column(Bilingual("ตัดสินโดย", "Decided by"), 16),
        Column(Bilingual("เวลาที่ตัดสิน", "Decided at"), 20),
        Column(Bilingual("เวลาตรวจ (นาที)", "Minutes of review"), 11),
        Column(Bilingual("ยังเห็นต่างกัน", "In dispute"), 10),
        Column(Bilingual("มีร่างใหม่กว่า", "Newer draft"), 10),
        Column(Bilingual("ข้อค้นพบ", "Findings"), 9),
        Column(Bilingual("บันทึกของผู้ตรวจ", "Reviewer's note"), 60),
    )

    def rows(one: SubmissionResult, request: Request) -> Iterator[Row]:
        told = request.language
        finals = {point.point: point.final for point in one.points}
        yield [
            one.submission,
            one.office,
            one.province,
            one.fiscal_year,
            one.round,
            *(level(finals.get(number), told) for number in request.rubric.numbers),
            one.final_score,
            one.draft_score,
            one.agreed,
            ", ".join(one.reviewers),
            KINDS[one.decided_by].told(told) if one.decided_by else None,
            one.decided_at,
            round(one.seconds / 60, 1),
            (YES if one.disputed else NO).told(told),
            (YES if one.newer_draft else NO).told(told),
            len(one.findings),
            one.note,
        ]

    return SheetPlan(Bilingual("ผลการประเมิน", "Results"), columns, rows)


def _point(point: Point) -> SheetPlan:
    columns = (
        *WHO,
        Column(Bilingual("ผลที่ตัดสิน", "Decision"), 18),
        Column(Bilingual("ผลตามร่าง", "Draft"), 18),
        Column(Bilingual("ตรงกัน", "Agree"), 8),
        Column(Bilingual("โอกาสว่าดำเนินการ", "Probability done"), 11),
        Column(Bilingual("โอกาสว่าชัดเจน", "Probability clear"), 11),
        Column(Bilingual("องค์ประกอบที่ร่างไม่พบ", "Facets the draft misses"), 36),
        Column(Bilingual("เหตุผลของผู้ตรวจ", "Reviewer's reason"), 50),
        Column(Bilingual("หลักฐานที่ผู้ตรวจไม่รับ", "Evidence refused"), 11),
        Column(Bilingual("หลักฐาน (เอกสาร หน้า ข้อความ)", "Evidence (document, page, words)"), 90),
    )

    def rows(one: SubmissionResult, request: Request) -> Iterator[Row]:
        for mine in one.points:
            if mine.point == point.number:
                yield [one.submission, one.office, *_judged(mine, point, request.language)]

    return SheetPlan(
        Bilingual(f"ประเด็น {point.number}", f"Point {point.number}"),
        columns,
        rows,
    )


def _judged(mine: PointResult, point: Point, told: Language) -> Row:
    agrees = None if mine.agrees is None else (YES if mine.agrees else NO).told(told)
    return [
        level(mine.final, told),
        level(mine.drafted, told),
        agrees,
        round(mine.done_probability, 3),
        round(mine.clear_probability, 3),
        ", ".join(facet_title(point, key, told) for key in mine.missing_facets),
        mine.note,
        mine.rejected,
        "\n".join(cited(passage, told) for passage in mine.evidence),
    ]


def facet_title(point: Point, key: str, told: Language) -> str:
    """Return ``(c) title``; the bare key where the point has no such facet (a draft by another rubric)."""
    try:
        return f"({key.split(':')[0]}) {point.facet(key).title_of(key).told(told)}"
    except KeyError:
        return f"({key})"


def cited(passage: Passage, told: Language) -> str:
    """Return document, page and words of a passage in one line; cut, it says so."""
    page = "" if passage.page is None else Bilingual(f" หน้า {passage.page}", f" p. {passage.page}").told(told)
    return f"{passage.document}{page}: “{clean(' '.join(passage.text.split()), QUOTE)}”"


def _readings(rubric: Rubric) -> SheetPlan:
    columns = (
        *WHO,
        Column(Bilingual("ฐานะ", "As"), 16),
        Column(Bilingual("ผู้ตรวจ", "Reader"), 24),
        *(Column(Bilingual(f"ประเด็น {n}", f"Point {n}"), 16) for n in rubric.numbers),
        Column(Bilingual("คะแนน", "Score"), 9),
        Column(Bilingual("ไม่เห็นร่าง", "Blind"), 9),
        Column(Bilingual("เปิดเมื่อ", "Opened at"), 20),
        Column(Bilingual("เสร็จเมื่อ", "Finished at"), 20),
        Column(Bilingual("นาที", "Minutes"), 9),
        Column(Bilingual("บันทึก", "Notes"), 70),
    )

    def row(one: SubmissionResult, reading: ReadingResult, request: Request) -> Row:
        told = request.language
        notes = [reading.note, *(f"{n}: {note}" for n, note in reading.notes.items())]
        return [
            one.submission,
            one.office,
            KINDS[reading.kind].told(told),
            reading.reader,
            *(level(reading.levels.get(number), told) for number in request.rubric.numbers),
            reading.score,
            (YES if reading.blind else NO).told(told),
            reading.opened_at,
            reading.finished_at,
            round(reading.seconds / 60, 1),
            "\n".join(note for note in notes if note),
        ]

    return SheetPlan(
        Bilingual("ผู้ตรวจแต่ละคน", "Readings"),
        columns,
        lambda one, request: [row(one, reading, request) for reading in one.readings],
    )


def _findings() -> SheetPlan:
    columns = (
        *WHO,
        Column(Bilingual("ชนิด", "Kind"), 20),
        Column(Bilingual("ข้อค้นพบ", "Finding"), 70),
        Column(Bilingual("เอกสาร", "Document"), 36),
        Column(Bilingual("หน้า", "Page"), 8),
        Column(Bilingual("ข้อความในเอกสาร", "Words in the document"), 70),
        Column(Bilingual("สถานะ", "State"), 14),
        Column(Bilingual("เหตุผลที่ปิด", "Dismissed for"), 40),
    )

    def rows(one: SubmissionResult, request: Request) -> Iterator[Row]:
        for found in one.findings:
            message = found.message if request.language == "th" else found.message_en
            yield [
                one.submission,
                one.office,
                found.kind,
                message,
                found.document,
                found.page,
                clean(found.quote, 1000),
                found.state,
                reason_told(found.dismissed_for).told(request.language) if found.dismissed_for else None,
            ]

    return SheetPlan(Bilingual("ข้อค้นพบ", "Findings"), columns, rows)


def explanation(request: Request, full: Iterable[Bilingual]) -> Iterator[Row]:
    """Give the rows of the sheet that explains the others; ``full`` names sheets that could not hold all rows."""
    told = request.language
    yield [Bilingual("วิธีอ่านสมุดงานนี้", "How to read this workbook").told(told)]
    for name, text in _EXPLAINED:
        yield [name.told(told), text.told(told)]
    for title in full:
        yield [
            title.told(told),
            Bilingual(
                "แผ่นงานเต็ม แถวที่เหลือถูกตัดออก ใช้ --batch หรือรูปแบบ jsonl",
                "The sheet is full; further rows were left out: use --batch or the form jsonl.",
            ).told(told),
        ]
    yield [Bilingual("เกณฑ์ให้คะแนน", "Score table").told(told)]
    for row in sorted(request.rubric.scoring.rows, key=lambda row: -row.score):
        yield [str(row.score), row.wording]
    yield [Bilingual("เกณฑ์", "Rubric").told(told), request.rubric.name]


_EXPLAINED = (
    (
        Bilingual("ร่าง", "Draft"),
        Bilingual(
            "สิ่งที่ระบบอ่านและเสนอ ไม่ใช่ผลการประเมิน", "What the program read and proposes; it is no result."
        ),
    ),
    (
        Bilingual("ผลที่ตัดสิน", "Decision"),
        Bilingual(
            "ผลของผู้ชี้ขาดถ้ามี มิฉะนั้นเป็นของผู้ตรวจคนแรก ช่องว่างคือยังไม่มีใครตรวจเสร็จ",
            "The adjudication where there is one, else the first reader's; empty while nobody has finished.",
        ),
    ),
    (
        Bilingual("ยังเห็นต่างกัน", "In dispute"),
        Bilingual(
            "ผู้ตรวจสองคนให้ผลต่างกันและยังไม่มีการชี้ขาด",
            "Two readers differ and nobody has decided between them yet.",
        ),
    ),
    (
        Bilingual("มีร่างใหม่กว่า", "Newer draft"),
        Bilingual(
            "หลังตัดสินแล้วมีเอกสาร แบบจำลอง หรือเกณฑ์ใหม่ ผลที่แสดงเป็นของร่างเดิม",
            "New files, a new model or rubric came after the decision; the result is of the draft before.",
        ),
    ),
    (
        Bilingual("หลักฐาน", "Evidence"),
        Bilingual(
            "แสดงสามข้อความแรกของแต่ละประเด็น ข้อความยาวถูกตัดและมีเครื่องหมาย …(ตัด / cut)",
            "The first three passages of a point; what is long is cut and marked …(ตัด / cut).",
        ),
    ),
    (
        Bilingual("วันเวลา", "Times"),
        Bilingual("เวลาประเทศไทย แสดงเป็นพุทธศักราช", "Time of Thailand, shown in the Buddhist era."),
    ),
    (
        Bilingual("สูตร", "Formulas"),
        Bilingual(
            "ไม่มีสูตรในสมุดงานนี้ ข้อความที่ขึ้นต้นด้วย = เป็นข้อความของเอกสาร",
            "There is none here; a text that begins with = is a text of a document.",
        ),
    ),
)
