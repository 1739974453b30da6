"""Whether learning can use a case that came from elsewhere: asked before it is taken, because one bad case would stop all.

A case has the right shape once it is a :class:`ReviewedCase`. Here it must also fit itself (marks on documents that are
there, each reading once), time (a zone, no year 1) and the rubric, and everything learning does with a case is done with it
once, in the import.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from typing import Any

from models.retraining.labels import teach
from models.retraining.reviewed_case import ReviewedCase
from models.retraining.splitting import split
from rubric import Rubric
from rubric.language import Bilingual

EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
LISTED = {"evidence", "near_miss", "contradicts"}
STATES = {"opened", "confirmed", "changed", "adjudicated"}


CONTROL = {"Cc", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    """Return the beginning of a stranger's text, fit for a message."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:200])


def unsound(case: ReviewedCase) -> Bilingual | None:
    """Say what in a well-formed case does not fit itself; None where it is sound."""
    return next(_faults(case), None)


def _faults(case: ReviewedCase) -> Iterator[Bilingual]:
    """Each check stands on the ones before it: times are compared only where all have a zone."""
    yield from _names(case)
    yield from _times(case)
    yield from _places(case)
    yield from _readings(case)


def _names(case: ReviewedCase) -> Iterator[Bilingual]:
    for text in _strings(case.model_dump()):
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            yield Bilingual("มีอักขระที่เก็บไม่ได้ (NUL)", "it holds characters that cannot be stored (NUL)")
    if any(unicodedata.category(letter) in CONTROL for letter in case.submission):
        yield Bilingual(
            "ชื่อชุดเอกสารมีอักขระที่ใช้ไม่ได้", "the submission's name holds characters that cannot be used"
        )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(key)
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _times(case: ReviewedCase) -> Iterator[Bilingual]:
    times = [case.draft.created_at]
    for reading in case.readings:
        times += [reading.opened_at, *([reading.finished_at] if reading.finished_at else [])]
        times += [one.decided_at for one in reading.points if one.decided_at]
        times += [one.at for one in reading.marks if one.at]
    for time in times:
        if time.utcoffset() is None:
            yield Bilingual(f"เวลา {time} ไม่มีเขตเวลา", f"the time {time} has no zone")
        elif not EARLIEST.year <= time.year < LATEST.year or not EARLIEST <= time < LATEST:
            yield Bilingual(f"เวลา {time} เป็นไปไม่ได้", f"the time {time} cannot be right")
    for reading in case.readings:
        if reading.finished_at is not None and reading.finished_at < reading.opened_at:
            yield Bilingual("การตรวจจบก่อนเริ่ม", "a review ends before it begins")


def _places(case: ReviewedCase) -> Iterator[Bilingual]:
    places = [(one.document, one.position) for one in case.passages]
    if len(set(places)) < len(places):
        yield Bilingual("มีข้อความซ้ำตำแหน่งกัน", "two passages stand in the same place")
    if any(document >= len(case.documents) for document, _ in places):
        yield Bilingual("อ้างถึงเอกสารที่ไม่มี", "a passage names a document that is not there")
    if case.blocks < len(case.passages):
        yield Bilingual("มีข้อความมากกว่าที่อ่านได้", "it holds more passages than were read")
    for mark in (mark for reading in case.readings for mark in reading.marks):
        if mark.document >= len(case.documents):
            yield Bilingual("มีเครื่องหมายบนเอกสารที่ไม่มี", "a mark is on a document that is not there")
        if mark.start is not None and mark.end is not None and mark.start > mark.end:
            yield Bilingual("ข้อความที่เลือกเริ่มหลังจบ", "a selection starts after its end")
    if any(shown.listed not in LISTED for passage in case.passages for shown in passage.shown):
        yield Bilingual("มีรายการชนิดที่ไม่รู้จัก", "a passage is listed as what is not known")


def _readings(case: ReviewedCase) -> Iterator[Bilingual]:
    who = [(one.reader, one.kind) for one in case.readings if one.reader]
    if len(set(who)) < len(who):
        yield Bilingual("มีการตรวจครั้งเดียวกันซ้ำ", "the same reading is there more than once")
    if any(one.state not in STATES for one in case.readings):
        yield Bilingual("มีสถานะการตรวจที่ไม่รู้จัก", "a reading has a state that is not known")
    for numbers in ([one.point for one in points] for points in _all_points(case)):
        if len(set(numbers)) < len(numbers):
            yield Bilingual("มีประเด็นซ้ำกัน", "a point is there more than once")


def _all_points(case: ReviewedCase) -> list[Any]:
    return [case.draft.points, *(one.points for one in case.readings)]


def misfit(case: ReviewedCase, rubric: Rubric) -> Bilingual | None:
    """Say what in a sound case does not fit the rubric; None where all does."""
    if case.rubric.split(" ")[0] != rubric.id:
        return Bilingual(f"เป็นของเกณฑ์ {case.rubric}", f"it is of the rubric {case.rubric}, not {rubric.id}")
    marks = [mark for reading in case.readings for mark in reading.marks]
    shown = [one for passage in case.passages for one in passage.shown]
    points = {one.point for several in _all_points(case) for one in several}
    points |= {one.point for one in marks} | {one.point for one in shown}
    if unknown := points - set(rubric.numbers):
        return Bilingual(f"ไม่มีประเด็นที่ {min(unknown)}", f"the rubric has no point {min(unknown)}")
    named = {(one.point, key) for one in marks for key in one.facets}
    named |= {(one.point, key) for one in shown for key in one.facets}
    for point, key in sorted(named):
        if key not in rubric.point(point).facet_keys:
            told = printable(key)
            return Bilingual(f"ประเด็นที่ {point} ไม่มีข้อย่อย {told}", f"point {point} has no facet {told}")
    said = [case.draft.score, *(one.score for one in case.readings if one.score is not None)]
    possible = {*rubric.scores}
    if wrong := [score for score in said if score not in possible]:
        return Bilingual(f"ไม่มีคะแนน {wrong[0]} ในเกณฑ์", f"the rubric has no score {wrong[0]}")
    if strange := set(case.draft.score_probabilities) - set(map(str, possible)):
        key = printable(min(strange))[:40]
        return Bilingual(f"ไม่มีคะแนน {key} ในเกณฑ์", f"the rubric has no score {key}")
    return None


def unlearnable(case: ReviewedCase, rubric: Rubric) -> Bilingual | None:
    """Do with the case what learning will do with it, and say what went wrong; None where nothing did."""
    try:
        teach(rubric, [case])
        split([case])
        again = ReviewedCase.model_validate_json(case.as_line())
    except Exception as error:  # whatever it is, it would stop every later training
        told = printable(f"{type(error).__name__}: {error}")
        return Bilingual(f"เรียนรู้จากกรณีนี้ไม่ได้ ({told})", f"it cannot be learnt from ({told})")
    if again != case:
        return Bilingual("เก็บแล้วอ่านกลับได้ไม่เหมือนเดิม", "it does not come back as it was stored")
    return None
