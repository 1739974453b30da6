"""What would change a draft: the facet whose evidence would lift a point or the score, and the one whose loss would lower it.

Exact, because the rule is open: a point is done where some facet of it is shown and clear where none is lacking, and the rubric's
table makes the score of how many are which. So this is counting, no guess of a model; it holds for a reviewer's states as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from models.judging.sentences import facet_names
from rubric import Point, Rubric
from rubric.language import Bilingual
from rubric.scoring import STATES, PointState

WORDS: Mapping[PointState, Bilingual] = {
    "not_done": Bilingual("ยังไม่ดำเนินการ", "not done"),
    "done": Bilingual("มีการดำเนินการ", "done"),
    "clear": Bilingual("มีความชัดเจน", "clear"),
}

SCORE = Bilingual("คะแนน", "the score")
BY_TABLE = Bilingual("ผลตามตาราง", "the score by the table")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one point stands.

    Attributes:
        lacking: keys of the facets whose evidence is still asked for before the point is clear.
        shown: facet key -> how many passages show it or a part of it; what no passage shows is left out.
    """

    point: int
    state: PointState
    lacking: tuple[str, ...] = ()
    shown: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What one facet does to its point and to the score.

    Attributes:
        facets: any one of them does it.
        passages: a loss only: how many passages would have to fall.
    """

    point: int
    facets: tuple[str, ...]
    before: PointState
    after: PointState
    score_before: int
    score_after: int
    passages: int = 0

    @property
    def moves_score(self) -> bool:
        """Whether the score changes, and not the point alone."""
        return self.score_after != self.score_before


@dataclass(frozen=True, slots=True)
class WhatWouldChange:
    """All that one facet can change, what matters most first, and the shortest way to the next score.

    Attributes:
        lifts, losses: one change a point at most.
        way: the fewest facets that lead to ``next_score``, each entry a point with its facets (of a point not done yet that need
            only be begun: any one of those named); empty where the score is the highest.
    """

    score: int
    lifts: tuple[Change, ...]
    losses: tuple[Change, ...]
    next_score: int | None
    way: tuple[tuple[int, tuple[str, ...], PointState], ...]

    @property
    def lift(self) -> Change | None:
        """The one facet that would lift most."""
        return self.lifts[0] if self.lifts else None

    @property
    def loss(self) -> Change | None:
        """The one facet whose loss would lower most."""
        return self.losses[0] if self.losses else None


def standing_of(
    point: Point,
    state: PointState,
    missing: Sequence[str],
    shown: Sequence[Sequence[str]],
    probabilities: Mapping[str, float] | None = None,
) -> Standing:
    """Return where a point stands by what a draft or a review says of it.

    A point is clear without some *part* of a facet, never without a whole one; so parts are lacking only where no whole facet is.
    Where nothing is, and the point is unclear all the same, its least sure facets are what to show more surely.

    Args:
        missing: keys of facets that nothing shows with detail, or of their parts.
        shown: of each passage that counts, the facets it shows.
        probabilities: facet -> how sure it is, to name the doubtful ones.
    """
    counts: dict[str, int] = {}
    for keys in shown:
        for key in {key.split(":")[0] for key in keys}:
            counts[key] = counts.get(key, 0) + 1
    return Standing(point.number, state, _lacking(point, state, missing, probabilities or {}), counts)


def _lacking(
    point: Point, state: PointState, missing: Sequence[str], sure: Mapping[str, float]
) -> tuple[str, ...]:
    keys = tuple(facet.key for facet in point.facets)
    if state == "clear":
        return ()
    if state == "not_done":
        return keys
    whole = tuple(key for key in keys if key in missing)
    parts = tuple(key for key in keys if any(one.startswith(f"{key}:") for one in missing))
    doubted = tuple(key for key in keys if sure.get(key, 1.0) < 0.5)
    weakest = min(keys, key=lambda key: sure.get(key, 1.0))
    return whole or parts or doubted or (weakest,)


def what_would_change(rubric: Rubric, standings: Sequence[Standing]) -> WhatWouldChange:
    """Return what one facet more or less would change.

    Args:
        standings: of every point of the rubric.
    """
    states = {one.point: one.state for one in standings}
    score = _score(rubric, states)
    lifts = [change for one in standings if (change := _lift(rubric, one, states, score))]
    losses = [change for one in standings if (change := _loss(rubric, one, states, score))]
    lifts.sort(key=lambda change: (-change.score_after, change.after != "clear", change.point))
    losses.sort(key=lambda change: (change.score_after, change.passages, change.point))
    next_score = min((row for row in rubric.scores if row > score), default=None)
    way = () if next_score is None else _way(rubric, standings, next_score)
    return WhatWouldChange(score, tuple(lifts), tuple(losses), next_score, way)


def _score(rubric: Rubric, states: Mapping[int, PointState]) -> int:
    done = sum(state != "not_done" for state in states.values())
    return rubric.scoring.score_of_counts(done, sum(state == "clear" for state in states.values()))


def _lift(rubric: Rubric, one: Standing, states: Mapping[int, PointState], score: int) -> Change | None:
    after = _after_gain(one)
    if after is None:
        return None
    return Change(
        one.point, one.lacking, one.state, after, score, _score(rubric, {**states, one.point: after})
    )


def _after_gain(one: Standing) -> PointState | None:
    """The state after one more facet: None where a single one changes nothing."""
    if one.state == "not_done":
        return "clear" if len(one.lacking) == 1 else "done"
    return "clear" if one.state == "done" and len(one.lacking) == 1 else None


def _loss(rubric: Rubric, one: Standing, states: Mapping[int, PointState], score: int) -> Change | None:
    """The facet that holds the point up; of several the one with the fewest passages behind it."""
    alone = len(one.shown) == 1
    if not one.shown or one.state == "not_done" or (one.state == "done" and not alone):
        return None
    after: PointState = "not_done" if alone else "done"
    fewest = min(one.shown.values())
    keys = tuple(key for key in sorted(one.shown) if one.shown[key] == fewest)
    changed = _score(rubric, {**states, one.point: after})
    return Change(one.point, keys, one.state, after, score, changed, fewest)


def _way(
    rubric: Rubric, standings: Sequence[Standing], wanted: int
) -> tuple[tuple[int, tuple[str, ...], PointState], ...]:
    """The fewest facets that lead to a score of ``wanted`` or more; of equals the earliest points.

    How many points go up how far decides the score, and of those that go equally far the cheapest ones are taken.
    """
    best: tuple[int, tuple[tuple[int, tuple[str, ...], PointState], ...]] | None = None
    for steps in _cheapest(standings):
        states = {one.point: one.state for one in standings}
        states.update({point: state for point, _, state in steps})
        cost = sum(1 if state == "done" else len(facets) for _, facets, state in steps)
        if _score(rubric, states) >= wanted and (best is None or cost < best[0]):
            best = (cost, tuple(sorted(steps)))
    return best[1] if best else ()


def _cheapest(
    standings: Sequence[Standing],
) -> Iterator[list[tuple[int, tuple[str, ...], PointState]]]:
    """For every number of points begun and made clear: the steps with the fewest facets.

    Beginning a point costs one facet whichever it is, so only what clearing costs orders the points; a point that is cleared
    is begun by that. Points already done come in the same order of cost.
    """
    undone = sorted((one for one in standings if one.state == "not_done"), key=_cost)
    unclear = sorted((one for one in standings if one.state == "done"), key=_cost)
    for cleared_undone, cleared in product(range(len(undone) + 1), range(len(unclear) + 1)):
        for begun in range(len(undone) - cleared_undone + 1):
            clear = [*undone[:cleared_undone], *unclear[:cleared]]
            steps: list[tuple[int, tuple[str, ...], PointState]] = [
                (one.point, one.lacking, "clear") for one in clear
            ]
            later = undone[cleared_undone : cleared_undone + begun]
            yield steps + [
                (one.point, one.lacking, "clear" if len(one.lacking) == 1 else "done") for one in later
            ]


def _cost(one: Standing) -> tuple[int, int]:
    return (len(one.lacking), one.point)


def told(rubric: Rubric, found: WhatWouldChange, given: int | None = None) -> tuple[Bilingual, ...]:
    """Say it in sentences: the lift, the way to the next score where no single facet leads there, and the loss.

    Args:
        given: the score that the draft gives. Where the points add up to another one, the sentences speak of the table's
            score by that name: the draft's own does not follow from the points alone.
    """
    score = SCORE if given in (None, found.score) else BY_TABLE
    said = []
    if (lift := found.lift) is not None:
        said.append(_told_lift(rubric, lift, score))
    if found.next_score is not None and not (lift and lift.moves_score):
        said.append(_told_way(rubric, found, score))
    if (loss := found.loss) is not None:
        said.append(_told_loss(rubric, loss, score))
    return tuple(said)


def _told_lift(rubric: Rubric, change: Change, called: Bilingual) -> Bilingual:
    names = _any_of(rubric.point(change.point), change.facets)
    state, score = WORDS[change.after], _told_score(change, called)
    return Bilingual(
        f"หากมีหลักฐานที่มีรายละเอียดเรื่อง {names.th} ประเด็นที่ {change.point} จะเป็น “{state.th}” {score.th}",
        f"Evidence with detail of {names.en} would make point {change.point} {state.en}; {score.en}.",
    )


def _told_loss(rubric: Rubric, change: Change, called: Bilingual) -> Bilingual:
    names = _any_of(rubric.point(change.point), change.facets)
    state, score = WORDS[change.after], _told_score(change, called)
    count = change.passages
    return Bilingual(
        f"หากหลักฐานเรื่อง {names.th} ({count} ข้อความ) ใช้ไม่ได้ ประเด็นที่ {change.point} จะเป็น “{state.th}” {score.th}",
        f"Without the evidence of {names.en} ({count} passage{'' if count == 1 else 's'}) point {change.point} would be "
        f"{state.en}; {score.en}.",
    )


def _told_score(change: Change, called: Bilingual) -> Bilingual:
    if not change.moves_score:
        return Bilingual(
            f"{called.th}คงเดิมที่ {change.score_before}", f"{called.en} stays {change.score_before}"
        )
    up = change.score_after > change.score_before
    return Bilingual(
        f"และ{called.th}จะ{'เพิ่ม' if up else 'ลด'}จาก {change.score_before} เป็น {change.score_after}",
        f"{called.en} would go from {change.score_before} to {change.score_after}",
    )


def _told_way(rubric: Rubric, found: WhatWouldChange, called: Bilingual) -> Bilingual:
    thai, english = [], []
    count = 0
    for number, facets, state in found.way:
        point = rubric.point(number)
        names = facet_names(point, facets) if state == "clear" else _any_of(point, facets)
        count += len(facets) if state == "clear" else 1
        thai.append(f"ประเด็นที่ {number}: {names.th}")
        english.append(f"point {number}: {names.en}")
    return Bilingual(
        f"ไม่มีองค์ประกอบใดเพียงข้อเดียวที่เพิ่ม{called.th}ได้ {called.th} {found.next_score} ต้องมีอย่างน้อย {count} องค์ประกอบ "
        f"คือ {'; '.join(thai)}",
        f"No single facet lifts {called.en}; for {found.next_score} at least {count} are needed: {'; '.join(english)}.",
    )


def _any_of(point: Point, keys: Sequence[str]) -> Bilingual:
    """Name facets of which any one does it."""
    named = [facet_names(point, [key]) for key in keys]
    return Bilingual(" หรือ ".join(one.th for one in named), " or ".join(one.en for one in named))


assert tuple(WORDS) == STATES  # a fourth state would need its word
