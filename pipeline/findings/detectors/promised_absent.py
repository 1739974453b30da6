"""Promised in the plan and absent in the report: activity by activity, with the budget that the plan gives.

Looked for by name in every other document, so that an annex counts. A name is there where it stands whole, where a letter
or two differ, or where it is cut short at its end. Nothing is told where there is no report to look in, of last year's
results inside a plan, and in a 6-month round of what is set for later.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from models.text.tokenizer import normalise
from models.text.years import fiscal_years
from pipeline.blocks import Block
from pipeline.drafts import Finding
from pipeline.findings.activities import Activity, activities, is_due_later
from pipeline.findings.detected import Held, Submitted, found
from rubric.language import Bilingual

MOST = 30
MOSTLY_ABSENT = 0.6
"""Share of absent activities from which on the report is told to cover other ones, in a single finding."""
FEWEST_FOR_SHARE = 6
CUT_SHORT, SHORTEST_CUT = 0.6, 18
RUN = 8
"""Letters by which a place is found where a name may stand."""
PER_SLIP = 20
"""Letters of a name for each that may differ."""
_LAST_YEAR = re.compile(r"ผลการดำเนินงาน|ผลการปฏิบัติ|ปีที่ผ่านมา|สรุปผล|รายงานผล")


def promised_absent(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each activity of the plans that no other document names."""
    elsewhere = [held for held in submitted.documents if held.kind != "plan" and held.reading.blocks]
    if not any(held.kind == "report" for held in elsewhere):
        return
    promised = [(held, one) for held in submitted.of_kind("plan") for one in _promises(held, submitted)]
    if not promised:
        return
    told = Told(elsewhere)
    there = told.among([one.form for _, one in promised])
    absent = [(held, one) for held, one in promised if one.form not in there]
    names = {one.form for _, one in promised}
    if len(names) >= FEWEST_FOR_SHARE and len({one.form for _, one in absent}) > MOSTLY_ABSENT * len(names):
        yield _many(absent, len(names))
        return
    for held, one in absent[:MOST]:
        yield _told(held, one)


class Told:
    """What the other documents tell, for looking up names in it."""

    def __init__(self, documents: Sequence[Held]) -> None:
        self._texts = [
            normalise(block.text)
            for held in documents
            for block in (*held.reading.blocks, *_across(held.reading.blocks))
        ]

    def among(self, names: Sequence[str]) -> set[str]:
        """Return those of the names that are told of; a longer name is looked for before one that it begins with."""
        there: set[str] = set()
        wanted = sorted(set(names), key=len, reverse=True)
        rests = []
        for text in self._texts:
            form, ends = _letters_with_ends(text)
            if len(form) < RUN:
                continue
            for name in wanted:
                while (at := form.find(name)) >= 0:
                    there.add(name)
                    form = form[:at] + "\0" * len(name) + form[at + len(name) :]
            rests.append((form, ends))
        left = [name for name in wanted if name not in there]
        for name in left:
            if any(_is_cut_short(name, form, ends) or _is_nearly(name, form) for form, ends in rests):
                there.add(name)
        return there


def _promises(held: Held, submitted: Submitted) -> Iterator[Activity]:
    seen: set[str] = set()
    for one in activities(held.reading.blocks):
        if one.form in seen or not _is_promise(one, submitted):
            continue
        seen.add(one.form)
        yield one


def _is_promise(one: Activity, submitted: Submitted) -> bool:
    block = one.block
    if block.type == "paragraph" and not one.amounts:
        return False  # named in passing
    around = (*block.heading_path, block.text if block.type == "paragraph" else "")
    if any(_LAST_YEAR.search(normalise(heading)) for heading in around):
        return False
    years = [year for heading in (*block.heading_path, block.text) for year in fiscal_years(heading)]
    if years and submitted.fiscal_year is not None and submitted.fiscal_year not in years:
        return False
    return not (submitted.round == 6 and is_due_later(block))


def _across(blocks: Sequence[Block]) -> Iterator[Block]:
    """Pairs of short blocks that follow each other: a long name is often broken into two."""
    for one, other in itertools.pairwise(blocks):
        if len(one.text) < 90 and len(other.text) < 90 and "โครงการ" in one.text:
            yield Block(one.page, "paragraph", one.text + other.text)


def _letters_with_ends(text: str) -> tuple[str, frozenset[int]]:
    """Return the letters of a normalised text, and after which of them something else than a letter stands."""
    pieces = re.findall(r"[a-zก-๎]+", text)
    ends, at = set(), 0
    for piece in pieces:
        at += len(piece)
        ends.add(at)
    return "".join(pieces), frozenset(ends)


def _is_cut_short(name: str, form: str, ends: frozenset[int]) -> bool:
    least = max(SHORTEST_CUT, int(CUT_SHORT * len(name)))
    start = name[:least]
    at = form.find(start) if len(start) == least else -1
    while at >= 0:
        length = least
        while length < len(name) and form[at + length : at + length + 1] == name[length]:
            length += 1
        if at + length in ends:
            return True
        at = form.find(start, at + 1)
    return False


def _is_nearly(name: str, form: str) -> bool:
    """Tell whether a text holds a name with a letter or two read or typed otherwise."""
    allowed = max(1, len(name) // PER_SLIP)
    tried = set()
    for place in (0, len(name) // 2, max(0, len(name) - RUN)):
        at = form.find(name[place : place + RUN])
        while at >= 0:
            start = max(0, at - place - allowed)
            if start not in tried and _slips(name, form[start : start + len(name) + 2 * allowed]) <= allowed:
                return True
            tried.add(start)
            at = form.find(name[place : place + RUN], at + 1)
    return False


def _slips(name: str, window: str) -> int:
    """Count the letters by which a name and the text round it differ; what stands before and after it counts not."""
    steps = SequenceMatcher(None, name, window, autojunk=False).get_opcodes()
    inner = [
        (one, max(first_end - first, second_end - second))
        for one, first, first_end, second, second_end in steps
        if one != "equal" and not (one == "insert" and first in (0, len(name)))
    ]
    return sum(size for _, size in inner)


def _told(held: Held, one: Activity) -> Finding:
    budget = next((amount.value for amount in one.amounts if amount.measure == "budget"), None)
    thai = f" (งบประมาณ {budget:,.0f} บาท)" if budget else ""
    english = f" (budget {budget:,.0f} baht)" if budget else ""
    return found(
        "promised_absent",
        Bilingual(
            f"แผนกำหนดกิจกรรมนี้{thai} แต่ไม่พบในรายงานและเอกสารอื่น: {one.name}",
            f"The plan promises this activity{english}, and no report or annex names it: {one.name}",
        ),
        held.reading.file,
        one.block,
    )


def _many(absent: Sequence[tuple[Held, Activity]], of: int) -> Finding:
    held, first = absent[0]
    names = list(dict.fromkeys(one.name for _, one in absent))
    return found(
        "promised_absent",
        Bilingual(
            f"ไม่พบ {len(names)} จาก {of} กิจกรรมในแผนในรายงานและเอกสารอื่น อาจเป็นรายงานเฉพาะเรื่อง โปรดตรวจสอบ",
            f"{len(names)} of the plan's {of} activities are named in no report or annex; the report may cover some only. "
            "Please check.",
        ),
        held.reading.file,
        page=first.block.page,
        quote="\n".join(names[:MOST]),
        longest=4000,
        certainty="possible",
        subject="many",
    )
