"""From a judgement to a draft: puts the model's items back to their documents, pages and boxes.

The judgement knows passages by number only; a reviewer needs the file, the page and the place on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.judging import judged
from pipeline.blocks import DocumentReading
from pipeline.drafts import (
    Attention,
    DocumentOutcome,
    Draft,
    Evidence,
    Finding,
    Keyword,
    PointDraft,
    Sentence,
)
from pipeline.findings.detected import HARMLESS, Held
from pipeline.findings.finding_keys import keyed
from rubric.language import Bilingual

DIGITS = 4
"""Decimals kept of probabilities: fewer than differ between processors, more than anyone reads."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What a draft rests on beside the files: all three are part of its unique key."""

    rubric: str
    model: str
    reader: str

    def key(self) -> tuple[str, str, str]:
        """Return them in the order in which the store keeps them."""
        return self.rubric, self.model, self.reader


@dataclass(frozen=True, slots=True)
class About:
    """Whose draft it is."""

    submission: str
    office: str
    province: str
    fiscal_year: int | None


def make_draft(
    about: About,
    documents: Sequence[Held],
    items: Sequence[judged.Item],
    judgement: judged.Judgement,
    findings: Sequence[Finding],
    versions: Versions,
) -> Draft:
    """Return the draft of one submission; ``items`` are those that were judged, over ``documents`` in order."""
    readings = [held.reading for held in documents]
    attention = (*(_attention(one) for one in judgement.needs_attention), *_from_findings(findings))
    shas = {reading.file: reading.sha256 for reading in readings}
    contradictions = [
        finding for point in judgement.points for finding in _contradictions(point, items, readings)
    ]
    return Draft(
        submission=about.submission,
        office=about.office,
        province=about.province,
        fiscal_year=about.fiscal_year,
        score=judgement.score,
        score_of_points=judgement.score_of_points,
        score_probabilities={
            str(score): _rounded(judgement.score_probabilities[score])
            for score in sorted(judgement.score_probabilities)
        },
        abstained=judgement.abstained,
        needs_attention=tuple(one.message.th for one in attention),
        attention=attention,
        documents=tuple(outcome_of(held) for held in documents),
        findings=tuple(keyed(about.submission, one, shas) for one in (*findings, *contradictions)),
        points=tuple(_point(point, items, readings) for point in judgement.points),
        rubric=versions.rubric,
        model=versions.model,
        reader=versions.reader,
    )


def outcome_of(held: Held) -> DocumentOutcome:
    """Return how a document was read, its problems in one line."""
    reading = held.reading
    problems = [problem.message for problem in reading.problems if problem.code not in HARMLESS]
    return DocumentOutcome(
        file=reading.file,
        kind=held.kind,
        pages=reading.pages,
        sha256=reading.sha256,
        read_by=reading.read_by,
        problem="; ".join(message.th for message in problems) or None,
        problem_en="; ".join(message.en for message in problems) or None,
    )


def _point(
    point: judged.PointJudgement, items: Sequence[judged.Item], readings: Sequence[DocumentReading]
) -> PointDraft:
    def shown(several: Sequence[judged.Evidence]) -> tuple[Evidence, ...]:
        return tuple(_evidence(one, items, readings) for one in several)

    return PointDraft(
        point=point.point,
        done=point.done,
        done_probability=_rounded(point.done_probability),
        clear=point.clear,
        clear_probability=_rounded(point.clear_probability),
        missing_facets=point.missing_facets,
        unsupported_detail=point.unsupported_detail,
        evidence=(*shown(point.evidence), *shown(point.others)),
        nearest_misses=shown(point.nearest),
        contradicted_by=shown(point.contradicted),
        facet_probabilities={
            key: _rounded(point.facet_probabilities[key]) for key in sorted(point.facet_probabilities)
        },
        reason=Sentence.of(point.reason),
    )


def _evidence(
    one: judged.Evidence, items: Sequence[judged.Item], readings: Sequence[DocumentReading]
) -> Evidence:
    item = items[one.item]
    reading = readings[item.document]
    block = reading.blocks[item.position]
    return Evidence(
        document=reading.file,
        page=block.page,
        text=block.text,
        role=one.role,
        facets=one.facets,
        detail=one.detail,
        probability=_rounded(one.probability),
        boxes=tuple(tuple(round(edge, 2) for edge in box) for box in block.boxes),  # type: ignore[misc]
        block=item.position,
        keywords=tuple(
            Keyword(start=hit.start, end=hit.end, term=hit.term, point=hit.point, cue=hit.cue)
            for hit in one.hits
        ),
        why=Sentence.of(one.why),
        heading_path=block.heading_path,
        table_header=block.table_header,
        read_by=block.read_by,
        read_confidence=block.confidence,
        doubtful_numbers=block.doubtful_numbers,
    )


def _contradictions(
    point: judged.PointJudgement, items: Sequence[judged.Item], readings: Sequence[DocumentReading]
) -> list[Finding]:
    """Each block that speaks against the evidence is also a finding: it may turn a point over."""
    found = []
    for one in point.contradicted:
        item = items[one.item]
        block = readings[item.document].blocks[item.position]
        message = Bilingual(
            f"ประเด็นที่ {point.point}: ข้อความนี้ขัดกับหลักฐานอื่น (เช่น ยกเลิกหรือไม่ได้ดำเนินการ) โปรดตรวจสอบก่อนตัดสิน",
            f"Point {point.point}: this passage speaks against other evidence (cancelled or not carried out). "
            "Please check before deciding.",
        )
        found.append(
            Finding(
                kind="contradiction",
                message=message.th,
                message_en=message.en,
                document=readings[item.document].file,
                page=block.page,
                quote=block.text[:300],
                point=point.point,
            )
        )
    return found


def _attention(one: judged.Attention) -> Attention:
    return Attention(code=one.code, message=Sentence.of(one.message), point=one.point)


def _from_findings(findings: Sequence[Finding]) -> list[Attention]:
    """What could not be read, or is of the wrong year or office, makes the whole draft doubtful."""
    reasons = {
        "missing_document": Bilingual("ขาดเอกสารที่ต้องส่ง", "A required document is missing."),
        "unreadable": Bilingual("มีเอกสารที่อ่านไม่ได้", "A document could not be read."),
        "partly_unreadable": Bilingual("มีบางส่วนของเอกสารที่อ่านไม่ได้", "Parts of a document could not be read."),
        "wrong_fiscal_year": Bilingual(
            "มีเอกสารที่อาจเป็นของปีงบประมาณอื่น", "A document may be of another fiscal year."
        ),
        "other_office": Bilingual("มีเนื้อหาที่อาจเป็นของเขตอื่น", "Some content may be another office's."),
        "foreign_document": Bilingual(
            "มีเอกสารที่ไม่ได้กล่าวถึงเขตพื้นที่หรือสถานศึกษา", "A document speaks of neither area offices nor schools."
        ),
    }
    kinds = {finding.kind for finding in findings}
    return [
        Attention(code=kind, message=Sentence.of(told)) for kind, told in reasons.items() if kind in kinds
    ]


def _rounded(probability: float) -> float:
    return round(min(1.0, max(0.0, float(probability))), DIGITS)
