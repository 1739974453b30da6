"""A point's card: what the rubric asks, what the draft says, what the reviewer decided, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.judging.held_back import why_held_back
from pipeline.review.cases.passages import Passage
from pipeline.store.tables import DraftPointRow, ReviewPoint
from rubric import Facet, Point, Rubric
from rubric.language import Bilingual
from rubric.scoring import STATES, PointState, state_of

FacetState = Literal["shown", "undetailed", "missing", "unknown"]
Sureness = Literal["sure", "likely", "unsure"]
MOST_PERCENT = 99
"""No draft is ever wholly sure."""


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet with how far the standing evidence shows it."""

    facet: Facet
    state: FacetState
    missing_parts: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the draft says of a point, in the three-state form.

    Attributes:
        probability: of the drafted state.
        distribution: probability of each state: not done, done, clear.
        held_back: why the state is not the likeliest of the three, where it is not.
    """

    state: PointState
    probability: float
    distribution: tuple[float, float, float]
    reason: Bilingual | None
    held_back: Bilingual | None = None

    @property
    def percents(self) -> tuple[int, ...]:
        """The distribution in whole percent that add up to 100; the drafted level's as it is rounded everywhere else."""
        drafted = STATES.index(self.state)
        shares = [100 * share for share in self.distribution]
        kept = min(round(shares[drafted]), MOST_PERCENT)
        others = [at for at in range(len(shares)) if at != drafted]
        whole = sum(shares[at] for at in others)
        exact = {at: (100 - kept) * shares[at] / whole if whole else 0.0 for at in others}
        found = {drafted: kept} | {at: int(exact[at]) for at in others}
        largest = sorted(others, key=lambda at: int(exact[at]) - exact[at])
        for at in largest[: 100 - sum(found.values())]:
            found[at] += 1
        return tuple(found[at] for at in range(len(shares)))

    @property
    def sureness(self) -> Sureness:
        """The probability in a word."""
        return "sure" if self.probability >= 0.85 else "likely" if self.probability >= 0.65 else "unsure"


@dataclass(frozen=True, slots=True)
class PointView:
    """A point's card and panel.

    Attributes:
        index: place among the points, from 1; its key and its pattern.
        drafted: None while the draft is hidden.
        state: as the reviewer decided, None while undecided.
        unseen: decided before the draft's evidence had been on the screen.
    """

    point: Point
    index: int
    drafted: Drafted | None
    state: PointState | None
    confirmed: bool
    unseen: bool
    note: str
    passages: tuple[Passage, ...]
    facets: tuple[FacetView, ...]

    @property
    def number(self) -> int:
        """The point's number in the rubric."""
        return self.point.number

    @property
    def evidence(self) -> tuple[Passage, ...]:
        """Blocks taken as evidence, the draft's and the reviewer's."""
        return tuple(
            p for p in self.passages if p.listed == "added" or (p.listed == "evidence" and _practice(p))
        )

    @property
    def others(self) -> tuple[Passage, ...]:
        """Blocks about the point that are not practice."""
        return tuple(p for p in self.passages if p.listed == "evidence" and not _practice(p))

    @property
    def near_misses(self) -> tuple[Passage, ...]:
        """Blocks that came nearest where nothing was found."""
        return tuple(p for p in self.passages if p.listed == "near_miss")

    @property
    def against(self) -> tuple[Passage, ...]:
        """Blocks that speak against the evidence."""
        return tuple(p for p in self.passages if p.listed == "contradicts")

    @property
    def corrections(self) -> dict[str, tuple[str, ...]]:
        """What the reviewer did to the evidence since the draft was written: ``added``, ``bad``, ``changed`` -> labels."""
        found: dict[str, tuple[str, ...]] = {"bad": (), "changed": (), "added": ()}
        for passage in self.passages:
            kind = "added" if passage.listed == "added" else passage.verdict
            if kind in found:
                found[kind] = (*found[kind], passage.label)
        return {kind: labels for kind, labels in found.items() if labels}

    @property
    def changed(self) -> bool:
        """Whether the reviewer decided otherwise than the draft."""
        return self.state is not None and self.drafted is not None and self.state != self.drafted.state

    @property
    def nothing_shows(self) -> bool:
        """Whether it is called clear while no passage that counts is marked as showing any part of it."""
        return self.state == "clear" and not any(one.counts and one.facets for one in self.passages)

    @property
    def supported(self) -> bool:
        """Whether passages bear out the level: some count for one that was done, none for one that was not."""
        counted = any(passage.counts for passage in self.passages)
        return self.state is None or counted != (self.state == "not_done")


def points_of(
    session: Session,
    rubric: Rubric,
    draft_id: int,
    decided: Mapping[int, ReviewPoint],
    passages: Mapping[int, Sequence[Passage]],
    *,
    hidden: bool,
) -> tuple[PointView, ...]:
    """Return the cards of a draft; ``hidden`` leaves out what the draft says."""
    rows = {
        row.point: row
        for row in session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == draft_id))
    }
    views = []
    for index, point in enumerate(rubric.points, 1):
        row, mine, shown = (
            rows.get(point.number),
            decided.get(point.number),
            tuple(passages.get(point.number, ())),
        )
        views.append(
            PointView(
                point=point,
                index=index,
                drafted=None if hidden or row is None else _drafted(row, point, shown),
                state=_known(mine.state) if mine else None,
                confirmed=bool(mine and mine.confirmed),
                unseen=bool(mine and mine.unseen),
                note=mine.note if mine else "",
                passages=shown,
                facets=facets_of(point, shown),
            )
        )
    return tuple(views)


def facets_of(point: Point, passages: Sequence[Passage]) -> tuple[FacetView, ...]:
    """Say for each facet whether the standing evidence shows it, as the labelling guide asks."""
    standing = [passage for passage in passages if passage.counts]
    return tuple(_facet(facet, standing) for facet in point.facets)


def _facet(facet: Facet, standing: Sequence[Passage]) -> FacetView:
    behind = [p for p in standing if any(key in facet.keys for key in p.facets)]
    keys = {key for passage in behind for key in passage.facets}
    missing = (
        () if facet.key in keys else tuple(p.title for p in facet.parts if f"{facet.key}:{p.key}" not in keys)
    )
    if not behind:
        return FacetView(facet, "missing")
    if missing:
        return FacetView(facet, "missing", missing)
    return FacetView(facet, "shown" if any(p.detail for p in behind) else "undetailed")


def _drafted(row: DraftPointRow, point: Point, passages: Sequence[Passage]) -> Drafted:
    clear = min(row.clear_probability, row.done_probability)
    distribution = (1 - row.done_probability, row.done_probability - clear, clear)
    state = state_of(row.done, row.clear)
    probability = dict(zip(("not_done", "done", "clear"), distribution, strict=True))[state]
    reason = Bilingual(row.reason["th"], row.reason["en"]) if row.reason else None
    held_back = why_held_back(
        point,
        row.done,
        row.clear,
        row.done_probability,
        clear,
        row.missing_facets,
        listed=any(p.listed == "evidence" and p.drafted_role == "practice" for p in passages),
    )
    return Drafted(state, probability, distribution, reason, held_back)


def _known(state: str | None) -> PointState | None:
    return state if state in ("not_done", "done", "clear") else None  # type: ignore[return-value]


def _practice(passage: Passage) -> bool:
    return passage.role == "practice" or passage.drafted_role == "practice"
