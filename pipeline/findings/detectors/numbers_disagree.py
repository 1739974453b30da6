"""Numbers of one activity that disagree between plan, report and annex: its budget, and how many people took part.

What was spent is rightly another number than what was set aside, a budget may be changed on the way, and a target is no
result; none of them is compared. Where one document gives several numbers, one of them must agree. What OCR was not sure of is
only told as possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.drafts import Finding, OtherPassage
from pipeline.findings.activities import Activity, Amount, Measure, activities, is_changed
from pipeline.findings.detected import Held, Submitted, found
from rubric.language import Bilingual

MOST = 20
ROUNDED = 0.02
"""How far a number told in millions may be from one told to the baht."""
MEASURES = {
    "budget": (Bilingual("งบประมาณ", "budget"), Bilingual("บาท", "baht")),
    "people": (Bilingual("ผู้เข้าร่วม", "number of people"), Bilingual("คน", "people")),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A number with where it stands."""

    held: Held
    activity: Activity
    amount: Amount


def numbers_disagree(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each activity and measure where no number of one document agrees with any of another."""
    said = _said(submitted.documents)
    told = 0
    for (form, measure), by_document in said.items():
        documents = list(by_document.values())
        if measure == "people" and any(document[0].held.kind == "plan" for document in documents):
            documents = [one for one in documents if one[0].held.kind != "plan"]
        for first, second in _pairs(documents):
            if told < MOST and form and not _agree(first, second):
                told += 1
                yield _told(measure, first[0], second[0])
                break


def _said(documents: Sequence[Held]) -> dict[tuple[str, Measure], dict[int, list[Said]]]:
    found_in: dict[tuple[str, Measure], dict[int, list[Said]]] = defaultdict(lambda: defaultdict(list))
    for number, held in enumerate(documents):
        named = list(activities(held.reading.blocks))
        counts: dict[int, int] = defaultdict(int)
        for one in named:
            counts[id(one.block)] += 1
        for one in named:
            if is_changed(one.block) or (counts[id(one.block)] > 1 and one.block.type != "table_row"):
                continue  # whose number it is, is not sure
            for amount in one.amounts:
                found_in[one.form, amount.measure][number].append(Said(held, one, amount))
    return found_in


def _pairs(documents: Sequence[list[Said]]) -> Iterator[tuple[list[Said], list[Said]]]:
    for place, one in enumerate(documents):
        for other in documents[place + 1 :]:
            if one[0].held.reading.sha256 != other[0].held.reading.sha256 or one[0].held is not other[0].held:
                yield one, other


def _agree(one: Sequence[Said], other: Sequence[Said]) -> bool:
    if any(_equal(a.amount, b.amount) for a in one for b in other):
        return True
    # several rounds of one activity: parts may add up to what the other document tells
    sums = [sum(said.amount.value for said in some) for some in (one, other)]
    return any(
        abs(total - said.amount.value) < 1
        for total, some in ((sums[0], other), (sums[1], one))
        for said in some
    )


def _equal(one: Amount, other: Amount) -> bool:
    apart = abs(one.value - other.value)
    if one.rounded or other.rounded:
        return apart <= ROUNDED * max(one.value, other.value)
    return apart < 1


def _told(measure: Measure, one: Said, other: Said) -> Finding:
    what, unit = MEASURES[measure]
    unsure = one.amount.doubtful or other.amount.doubtful
    block = other.activity.block
    first, second = (f"{said.amount.value:,.0f}" for said in (one, other))
    return found(
        "numbers_disagree",
        Bilingual(
            f"{what.th}ของ {other.activity.name} ไม่ตรงกัน: {first} {unit.th} ใน {one.held.reading.file} "
            f"แต่ {second} {unit.th} ใน {other.held.reading.file}",
            f"The {what.en} of {other.activity.name} disagrees: {first} {unit.en} in {one.held.reading.file}, "
            f"{second} {unit.en} in {other.held.reading.file}.",
        ),
        other.held.reading.file,
        block,
        certainty="possible" if unsure else "likely",
        other=OtherPassage(
            document=one.held.reading.file,
            page=one.activity.block.page,
            text=one.activity.block.text[:1000],
        ),
    )
