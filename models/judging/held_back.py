"""Why the level of a point is not the likeliest of its three, said from the very rules that set it.

Levels are taken in two steps, done and then clear, each where it is more likely than not; and what the list does not show
holds a step back: no passage listed, no done; a whole facet missing, no clear. So a draft may say *done* where *clear* has the
largest share of the figures beside it. Where neither rule explains it nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.judging.distribution import point_state
from models.judging.sentences import facet_names
from rubric import Point
from rubric.language import Bilingual
from rubric.scoring import state_of

STEP_FROM = 0.5
"""From which probability a step, done or clear, is taken."""
_SURE = 99
"""Largest percentage that is ever shown of a draft."""


def why_held_back(
    point: Point,
    done: bool,
    clear: bool,
    done_probability: float,
    clear_probability: float,
    missing: Sequence[str],
    listed: bool,
) -> Bilingual | None:
    """Say why the level is not the likeliest one; None where it is, or where no rule of judging tells why.

    Args:
        missing: keys of facets, or of parts of facets, that no listed passage shows with detail.
        listed: some passage stands as evidence.
    """
    shares = dict(
        zip(("not_done", "done", "clear"), point_state(done_probability, clear_probability), strict=True)
    )
    level = state_of(done, clear)
    if shares[level] >= max(shares.values()):
        return None
    if level == "not_done" and not listed and done_probability >= STEP_FROM:
        return _nothing_listed(done_probability)
    if level != "done":
        return None
    if clear_probability < STEP_FROM:
        return _step_not_reached(done_probability, clear_probability)
    whole = [key for key in missing if ":" not in key]
    return _facets_missing(point, clear_probability, whole) if whole else None


def _facets_missing(point: Point, clear: float, whole: Sequence[str]) -> Bilingual:
    names, percent = facet_names(point, whole), _percent(clear)
    return Bilingual(
        f"โอกาสเป็น “ชัดเจน” {percent} % แต่ร่างยังไม่ให้ เพราะไม่มีหลักฐานที่แสดงไว้รายการใดชี้ {names.th} พร้อมรายละเอียดที่ตรวจสอบได้"
        " ถ้าขาดทั้งองค์ประกอบ ร่างไม่ถือว่าชัดเจน",
        f"Clear is {percent} % likely, but the draft does not say so: no passage listed shows {names.en} with checkable detail, "
        "and without a whole facet no draft calls a point clear.",
    )


def _step_not_reached(done: float, clear: float) -> Bilingual:
    return Bilingual(
        f"ร่างตัดสินทีละขั้น แต่ละขั้นต้องมีโอกาสตั้งแต่ 50 % มีการดำเนินการ (รวมที่ชัดเจนด้วย) {_percent(done)} % ถึงเกณฑ์ "
        f"แต่ชัดเจน {int(100 * clear)} % ยังไม่ถึง",
        f"The draft goes step by step, each from 50 %: done (clear included) has {_percent(done)} %, "
        f"clear only {int(100 * clear)} %.",
    )


def _nothing_listed(done: float) -> Bilingual:
    percent = _percent(done)
    return Bilingual(
        f"โอกาสว่ามีการดำเนินการ {percent} % แต่ไม่มีข้อความใดถึงเกณฑ์ที่จะแสดงเป็นหลักฐานของประเด็นนี้ ร่างจึงไม่ถือว่าดำเนินการ",
        f"Done is {percent} % likely, but no passage reaches the threshold for being listed as evidence of this point, "
        "and without one no draft calls a point done.",
    )


def _percent(probability: float) -> int:
    return min(_SURE, round(100 * probability))
