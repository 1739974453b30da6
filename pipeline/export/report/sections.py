"""The sections of a report: each a chart with its table, in the language asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.export.report.batch_figures import BatchFigures, Group, Promise
from pipeline.export.report.charts import Bar, Chart, bars
from pipeline.export.request import Request
from rubric.language import Bilingual, Language
from rubric.scoring import PointState

Cell = str | int
ORDER: tuple[PointState, ...] = ("clear", "done", "not_done")
LEVELS = {
    "clear": Bilingual("ชัดเจน", "clear"),
    "done": Bilingual("ดำเนินการ ยังไม่ชัดเจน", "done, not clear"),
    "not_done": Bilingual("ยังไม่พบการดำเนินการ", "not found"),
}
FINDINGS = {
    "missing_document": Bilingual("ขาดเอกสารที่ต้องส่ง", "required document missing"),
    "wrong_fiscal_year": Bilingual("ปีงบประมาณไม่ตรง", "wrong fiscal year"),
    "other_office": Bilingual("ชื่อสำนักงานอื่น", "another office's name"),
    "foreign_document": Bilingual("เอกสารของหน่วยงานอื่น", "a document of another body"),
    "copied_text": Bilingual("ข้อความเหมือนชุดอื่น", "text like another submission's"),
    "unreadable": Bilingual("อ่านไฟล์ไม่ได้", "unreadable file"),
    "partly_unreadable": Bilingual("อ่านได้บางส่วน", "partly unreadable"),
    "not_read": Bilingual("ลิงก์หรือวิดีโอที่ไม่ได้เปิด", "links and videos not opened"),
    "contradiction": Bilingual("ข้อความขัดแย้งกัน", "contradiction"),
    "submission_file": Bilingual("submission.yaml ผิด", "mistake in submission.yaml"),
}
MOST_FACETS = 10


@dataclass(frozen=True, slots=True)
class Section:
    """A chart beside its table; sections of words alone have no chart."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None = None
    note: str = ""


def sections(figures: BatchFigures, request: Request) -> Iterator[Section]:
    """Give the sections in the order of the page."""
    told = _Told(request.language)
    yield _scores(figures, request, told)
    yield _points(figures, request, told)
    yield _facets(figures, request, told)
    yield _groups(told("ตามประเภทของสำนักงาน", "By kind of office"), figures.kinds.values(), told)
    yield _groups(told("ตามภาค", "By region"), figures.regions.values(), told)
    yield _findings(figures, told)
    yield _promises(figures, request, told)
    yield _agreement(figures, told)


@dataclass(frozen=True, slots=True)
class _Told:
    language: Language

    def __call__(self, thai: str, english: str) -> str:
        return Bilingual(thai, english).told(self.language)


def _scores(figures: BatchFigures, request: Request, told: _Told) -> Section:
    scores = tuple(reversed(request.rubric.scores))
    name = told("คะแนน", "Score")
    chart = bars(
        [
            bar
            for score in scores
            for bar in (
                Bar(f"{name} {score} {told('ร่าง', 'drafted')}", (0.0, figures.drafts[score])),
                Bar(f"{told('ตัดสินแล้ว', 'decided')}", (figures.finals[score],)),
            )
        ]
    )
    return Section(
        told("การกระจายของคะแนน", "Distribution of scores"),
        (name, told("ตามร่าง", "Drafted"), told("ตัดสินแล้ว", "Decided")),
        tuple((score, figures.drafts[score], figures.finals[score]) for score in scores),
        chart,
        told("ร่างเป็นข้อเสนอของระบบ ไม่ใช่ผลการประเมิน", "A draft is the program's proposal and no result."),
    )


def _points(figures: BatchFigures, request: Request, told: _Told) -> Section:
    points = sorted(
        request.rubric.points,
        key=lambda point: (figures.levels[point.number]["clear"], point.number),
    )
    names = {point.number: f"{point.number}. {point.title.told(told.language)}" for point in points}
    words = [LEVELS[state].told(told.language) for state in ORDER]
    counts = {point.number: [figures.levels[point.number][state] for state in ORDER] for point in points}
    return Section(
        told("ประเด็นที่ยังไม่ชัดเจนบ่อยที่สุดก่อน", "Points, most often unclear first"),
        (told("ประเด็น", "Point"), *words),
        tuple((names[point.number], *counts[point.number]) for point in points),
        bars([Bar(names[number], tuple(map(float, values))) for number, values in counts.items()], words),
    )


def _facets(figures: BatchFigures, request: Request, told: _Told) -> Section:
    known = {(point.number, facet.key): facet for point in request.rubric.points for facet in point.facets}
    most = [(key, count) for key, count in figures.missing.most_common() if key in known][:MOST_FACETS]
    names = {key: f"{key[0]}{key[1]} {known[key].title.told(told.language)}" for key, _ in most}
    share = max(figures.submissions, 1)
    return Section(
        told("องค์ประกอบที่ขาดบ่อยที่สุด", "Facets most often missing"),
        (told("องค์ประกอบ", "Facet"), told("ชุดเอกสาร", "Submissions"), "%"),
        tuple((names[key], count, round(100 * count / share)) for key, count in most),
        bars([Bar(names[key], (count,)) for key, count in most]) if most else None,
        told("ไม่มีข้อความใดแสดงพร้อมรายละเอียด", "No passage shows it with detail."),
    )


def _groups(title: str, groups: Iterable[Group], told: _Told) -> Section:
    found = sorted(groups, key=lambda group: (-group.offices, group.name.en))
    rows: list[tuple[Cell, ...]] = []
    for group in found:
        mean = sum(score * count for score, count in group.scores.items()) / max(group.offices, 1)
        clear = round(100 * group.clear / max(group.points, 1))
        rows.append((group.name.told(told.language), group.offices, group.decided, f"{mean:.2f}", clear))
    return Section(
        title,
        (
            told("กลุ่ม", "Group"),
            told("ชุด", "No."),
            told("ตัดสิน", "Decided"),
            told("คะแนนเฉลี่ย", "Mean score"),
            told("ชัดเจน %", "Clear %"),
        ),
        tuple(rows),
        bars([Bar(str(row[0]), (float(row[1]),)) for row in rows]) if rows else None,
        told("คะแนนที่ตัดสินแล้ว ถ้ายังไม่ตัดสินใช้ร่าง", "Decided scores, drafted ones where nobody decided."),
    )


def _findings(figures: BatchFigures, told: _Told) -> Section:
    rows = [
        (FINDINGS[kind].told(told.language) if kind in FINDINGS else kind, count, figures.with_finding[kind])
        for kind, count in figures.findings.most_common()
    ]
    return Section(
        told("ข้อค้นพบ", "Findings"),
        (told("ชนิด", "Kind"), told("ข้อ", "Findings"), told("ชุด", "Submissions")),
        tuple(rows),
        bars([Bar(name, (count,)) for name, count, _ in rows]) if rows else None,
        told("ข้อค้นพบไม่เปลี่ยนคะแนน", "A finding changes no score."),
    )


def _promises(figures: BatchFigures, request: Request, told: _Told) -> Section:
    def row(name: str, promise: Promise) -> tuple[Cell, ...]:
        return name, promise.cases, f"{promise.expected:.1f}", promise.right

    rows = [row(told("คะแนน", "Score"), figures.score_promise)]
    rows += [
        row(f"{told('ประเด็น', 'Point')} {number}", figures.point_promises[number])
        for number in request.rubric.numbers
    ]
    chart = None
    if figures.decided:
        chart = bars(
            [
                Bar(f"{name} {word}", parts)
                for name, _, expected, right in rows
                for word, parts in (
                    (told("สัญญา", "promised"), (0.0, float(expected))),
                    (told("เกิดจริง", "came"), (float(right),)),
                )
            ]
        )
    return Section(
        told("ร่างสัญญาไว้เท่าใด และเกิดขึ้นจริงเท่าใด", "What drafts promised and what came"),
        (
            told("สิ่งที่ร่าง", "Drafted"),
            told("ตัดสินแล้ว", "Decided"),
            told("คาดว่าถูก", "Promised"),
            told("ถูกจริง", "Right"),
        ),
        tuple(rows),
        chart,
        told(
            "คาดว่าถูก คือผลรวมความน่าจะเป็นที่ร่างให้ไว้เอง นับเฉพาะชุดที่ตัดสินแล้ว",
            "Promised is the sum of the drafts' own probabilities; only what people decided counts.",
        ),
    )


def _agreement(figures: BatchFigures, told: _Told) -> Section:
    pairs, same = figures.reread
    rows: tuple[tuple[Cell, ...], ...] = (
        (
            told("คะแนนที่ตัดสินตรงกับร่าง", "Decided as drafted, scores"),
            figures.score_promise.right,
            figures.decided,
        ),
        (told("ผู้ตรวจสองคนเห็นตรงกันทุกประเด็น", "Two readers agree on all points"), same, pairs),
        (told("ยังเห็นต่างและยังไม่ชี้ขาด", "Still in dispute"), figures.disputed, figures.decided),
    )
    return Section(
        told("ความเห็นตรงกัน", "Agreement"),
        ("", told("จำนวน", "Count"), told("จาก", "Of")),
        rows,
        note=told("ไม่มีการจัดอันดับผู้ตรวจ", "Reviewers are not ranked."),
    )
