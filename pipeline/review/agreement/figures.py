"""How well people and draft agree, per point, with intervals; and how strongly the draft pulls readers along.

Blind cases tell what readers say without having seen the draft. The pull is how much more often readers who saw the
draft agree with it than blind readers do, and how often blind readers give up their own level once they see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from pipeline.review.agreement.kappa import Kappa, Share, exact, kappa_with_interval, share
from pipeline.review.agreement.pairs import pairs_of, states_by_review
from pipeline.store.tables import Decision, DraftPointRow, Review
from rubric import Rubric
from rubric.scoring import STATES, state_of

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Exact agreement and kappa of one thing: a point (its number), or the score (None)."""

    point: int | None
    exact: Share
    kappa: Kappa


@dataclass(frozen=True, slots=True)
class Pull:
    """Automation bias.

    Attributes:
        seen, blind: share of points on which readers agree with the draft, having seen it or not.
        yielded: of the points on which a blind reader differed from the draft, the share changed to the draft's level
            once it was shown.
    """

    seen: Share
    blind: Share
    yielded: Share

    @property
    def difference(self) -> float | None:
        """How much more often readers agree with a draft that they see; None without blind cases."""
        return self.seen.value - self.blind.value if self.seen.of and self.blind.of else None


@dataclass(frozen=True, slots=True)
class Measures:
    """All figures of the agreement page."""

    between_readers: tuple[Agreement, ...]
    with_draft: tuple[Agreement, ...]
    blind_with_draft: tuple[Agreement, ...]
    pull: Pull
    overridden: tuple[tuple[int, Share], ...]


def measure(session: Session, rubric: Rubric) -> Measures:
    """Compute all figures from the finished reviews of drafts under ``rubric``."""
    reviews = session.scalars(
        select(Review).where(Review.finished_at.is_not(None), Review.kind.in_(("first", "second")))
    ).all()
    final = states_by_review(session, [review.id for review in reviews])
    drafted = _drafted(session)
    before = dict(_before_reveal(session))
    seen = [(r.draft_id, final.get(r.id, {})) for r in reviews if not r.blind]
    blind = [(r.draft_id, before[r.id]) for r in reviews if r.blind and r.id in before]
    readers = [(final.get(p.first.id, {}), final.get(p.second.id, {})) for p in pairs_of(session)]
    with_draft = [(drafted.get(draft, {}), states) for draft, states in seen]
    blind_with = [(drafted.get(draft, {}), states) for draft, states in blind]
    yields = [
        (drafted.get(r.draft_id, {}), before[r.id], final.get(r.id, {}))
        for r in reviews
        if r.blind and r.id in before
    ]
    return Measures(
        between_readers=_agreements(rubric, readers),
        with_draft=_agreements(rubric, with_draft),
        blind_with_draft=_agreements(rubric, blind_with),
        pull=Pull(_together(rubric, with_draft), _together(rubric, blind_with), _yielded(rubric, yields)),
        overridden=tuple((number, _overridden(number, with_draft)) for number in rubric.numbers),
    )


def _agreements(rubric: Rubric, cases: list[tuple[dict[int, str], dict[int, str]]]) -> tuple[Agreement, ...]:
    found = []
    for number in rubric.numbers:
        pairs = _levels(number, cases)
        found.append(Agreement(number, exact(pairs), kappa_with_interval(pairs)))
    scores = [(_score(rubric, one), _score(rubric, other)) for one, other in cases]
    known = [(one, other) for one, other in scores if one is not None and other is not None]
    return (*found, Agreement(None, exact(known), kappa_with_interval(known)))


def _levels(number: int, cases: Iterable[tuple[dict[int, str], dict[int, str]]]) -> Pairs:
    return [
        (_level(one[number]), _level(other[number]))
        for one, other in cases
        if number in one and number in other
    ]


def _level(state: str) -> int:
    return STATES.index(state)


def _together(rubric: Rubric, cases: list[tuple[dict[int, str], dict[int, str]]]) -> Share:
    return exact([pair for number in rubric.numbers for pair in _levels(number, cases)])


def _overridden(number: int, cases: list[tuple[dict[int, str], dict[int, str]]]) -> Share:
    pairs = _levels(number, cases)
    return share(sum(one != other for one, other in pairs), len(pairs))


def _yielded(rubric: Rubric, cases: list[tuple[dict[int, str], dict[int, str], dict[int, str]]]) -> Share:
    differed = [
        (draft[number], after.get(number))
        for draft, before, after in cases
        for number in rubric.numbers
        if number in draft and number in before and before[number] != draft[number]
    ]
    return share(sum(draft == after for draft, after in differed), len(differed))


def _score(rubric: Rubric, states: dict[int, str]) -> int | None:
    if not set(rubric.numbers) <= set(states):
        return None
    done = {number for number in rubric.numbers if states[number] != "not_done"}
    return rubric.score(done, {number for number in done if states[number] == "clear"})


def _drafted(session: Session) -> dict[int, dict[int, str]]:
    """Return draft -> point -> state, for drafts that somebody reviewed."""
    found: dict[int, dict[int, str]] = {}
    rows = select(DraftPointRow).where(DraftPointRow.draft_id.in_(select(Review.draft_id)))
    for row in session.scalars(rows):
        found.setdefault(row.draft_id, {})[row.point] = state_of(row.done, row.clear)
    return found


def _before_reveal(session: Session) -> Iterable[tuple[int, dict[int, str]]]:
    """Return what blind readers had decided when they asked for the draft."""
    rows = select(Decision.review_id, Decision.after).where(
        and_(Decision.kind == "reveal", Decision.after.is_not(None))
    )
    for review_id, after in session.execute(rows):
        yield (
            review_id,
            {int(number): state for number, state in (after or {}).get("states", {}).items() if state},
        )
