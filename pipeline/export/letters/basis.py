"""What a letter rests on, kept with it, so that a later look tells whether it still holds and what has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.export.results import SubmissionResult
from rubric.language import Bilingual

Basis = Mapping[str, Any]


def basis_of(result: SubmissionResult) -> dict[str, Any]:
    """Return what a letter of this result rests on."""
    files = hashlib.sha256("".join(sorted(one.sha256 for one in result.documents)).encode()).hexdigest()
    evidence = "".join(
        f"{point.point}{passage.document}{passage.page}{passage.text}"
        for point in result.points
        for passage in point.evidence
    )
    return {
        "delivery": result.delivery,
        "files": files,
        "draft": result.draft_number,
        "model": result.model,
        "rubric": result.rubric,
        "newer_draft": result.newer_draft,
        "decided": result.decided_by is not None,
        "score": result.final_score,
        "levels": {str(one.point): one.final or one.drafted for one in result.points},
        "evidence": hashlib.sha256(evidence.encode()).hexdigest(),
    }


def out_of_date(then: Basis, today: Basis) -> tuple[Bilingual, ...]:
    """Return why a letter no longer says what the store says; nothing where it does."""
    return tuple(
        _said(then, today) for keys, _said in _REASONS if any(then.get(key) != today.get(key) for key in keys)
    )


_REASONS: tuple[tuple[tuple[str, ...], Callable[[Basis, Basis], Bilingual]], ...] = (
    (
        ("delivery", "files"),
        lambda then, today: Bilingual(
            f"สำนักงานส่งเอกสารใหม่ (ครั้งที่ {today['delivery']})",
            f"the office sent new files (delivery {today['delivery']})",
        ),
    ),
    (
        ("newer_draft",),
        lambda then, today: Bilingual(
            "มีร่างใหม่กว่าหลังการตัดสิน (เอกสาร แบบจำลอง หรือเกณฑ์ใหม่)",
            "a newer draft came after the decision (new files, model or rubric)",
        ),
    ),
    (
        ("model",),
        lambda then, today: Bilingual(
            f"แบบจำลองเปลี่ยนจาก {then['model']} เป็น {today['model']}",
            f"the model changed from {then['model']} to {today['model']}",
        ),
    ),
    (
        ("rubric",),
        lambda then, today: Bilingual(
            f"เกณฑ์เปลี่ยนจาก {then['rubric']} เป็น {today['rubric']}",
            f"the rubric changed from {then['rubric']} to {today['rubric']}",
        ),
    ),
    (
        ("score", "decided"),
        lambda then, today: Bilingual(
            f"คะแนนที่ตัดสินเปลี่ยนจาก {_or_dash(then)} เป็น {_or_dash(today)}",
            f"the decided score changed from {_or_dash(then)} to {_or_dash(today)}",
        ),
    ),
    (
        ("levels",),
        lambda then, today: Bilingual(
            f"ผลของประเด็นที่ {_changed(then, today)} เปลี่ยนไป",
            f"the decision changed on point {_changed(then, today)}",
        ),
    ),
    (
        ("evidence",),
        lambda then, today: Bilingual("ข้อความที่ใช้เป็นหลักฐานเปลี่ยนไป", "other passages count as evidence"),
    ),
)


def _or_dash(basis: Basis) -> str:
    return "–" if basis.get("score") is None else str(basis["score"])


def _changed(then: Basis, today: Basis) -> str:
    before, after = then.get("levels", {}), today.get("levels", {})
    return ", ".join(
        point for point in sorted({*before, *after}, key=int) if before.get(point) != after.get(point)
    )
