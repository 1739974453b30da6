"""Small made-up readings and drafts, for tests that need some and do not care which."""

from collections.abc import Sequence
from typing import Any

from pipeline.blocks import Block, Box, DocumentReading
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

SHA = "a" * 64


def reading(
    texts: Sequence[str], file: str = "report.pdf", sha256: str = SHA, **given: Any
) -> DocumentReading:
    """A reading of one page with a paragraph per text."""
    blocks = tuple(
        Block(1, "paragraph", text, boxes=(Box(72, 80 + 20 * place, 500, 92 + 20 * place),))
        for place, text in enumerate(texts)
    )
    values: dict[str, Any] = {
        "pages": 1,
        "read_by": "text" if blocks else "failed",
        "blocks": blocks,
        "page_sizes": ((595.0, 842.0),),
    }
    return DocumentReading(file, sha256, **{**values, **given})


def evidence(text: str = "ประชุมติดตามเมื่อวันที่ 12 มีนาคม 2565", **given: Any) -> Evidence:
    values: dict[str, Any] = {
        "document": "report.pdf",
        "page": 1,
        "text": text,
        "role": "practice",
        "facets": ("a", "b:วิชาการ"),
        "detail": True,
        "probability": 0.93,
        "boxes": ((72.0, 80.0, 500.0, 92.0),),
        "block": 0,
        "keywords": (Keyword(start=0, end=6, term="ประชุม", point=1),),
        "why": Sentence(th="มีวันที่", en="It is dated."),
    }
    return Evidence(**{**values, **given})


def draft(submission: str = "s01", **given: Any) -> Draft:
    points = tuple(
        PointDraft(
            point=number,
            done=number != 6,
            done_probability=0.9,
            clear=number < 3,
            clear_probability=0.4,
            missing_facets=() if number < 3 else ("c",),
            evidence=(evidence(), evidence("จะจัดประชุม", role="intent", facets=(), detail=False, block=1)),
            nearest_misses=(evidence("โรงเรียนจัดประชุม", probability=0.2, block=2),) if number == 6 else (),
            facet_probabilities={"a": 0.9, "c": 0.1},
            reason=Sentence(th="ขาด (c)", en="c is missing."),
        )
        for number in range(1, 7)
    )
    values: dict[str, Any] = {
        "submission": submission,
        "office": "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
        "province": "ศรีธารา",
        "fiscal_year": 2565,
        "score": 1,
        "score_of_points": 1,
        "score_probabilities": {"1": 0.7, "2": 0.2, "3": 0.1, "4": 0.0, "5": 0.0},
        "needs_attention": ("ไม่แน่ใจ",),
        "attention": (Attention(code="near_cut", message=Sentence(th="ไม่แน่ใจ", en="Unsure.")),),
        "documents": (
            DocumentOutcome(file="report.pdf", kind="report", pages=1, sha256=SHA, read_by="text"),
            DocumentOutcome(
                file="broken.pdf",
                kind="other",
                pages=None,
                sha256="b" * 64,
                read_by="failed",
                problem="ไฟล์เสียหาย",
                problem_en="Damaged.",
            ),
        ),
        "findings": (
            Finding(kind="missing_document", message="ไม่พบแผน", message_en="No plan."),
            Finding(kind="unreadable", message="เสียหาย", message_en="Damaged.", document="broken.pdf"),
        ),
        "points": points,
        "rubric": "esa-2560-1.1 v1.0 lexicon 1",
        "model": "m1",
        "reader": "1",
    }
    return Draft(**{**values, **given})
