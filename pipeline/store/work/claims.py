"""Claims: who has which submission in hand, so that two machines never do the same work and none is lost with a machine.

A claim is a lease by the database's clock. It is made by one statement, renewed while the work goes on, and released in
the transaction that stores what came of it, so that whoever lost a claim cannot store. One that lapsed goes to the next
who asks; after ``MOST_DEATHS`` of those who worked on it were lost nobody gets it any more, and it is given up.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from pipeline.store.dialects import clock, inserting
from pipeline.store.tables import Batch, Claim, Waiting

MOST_DEATHS = 3
"""So many ends of those who worked on one submission: it is taken for what ended them."""
BEGUN = case((Claim.begun, 1), else_=0)
TIDY_AFTER = 30 * 24 * 3600
"""Seconds after which a lapsed claim that nobody took over is forgotten (its model or its inbox is gone)."""


@dataclass(frozen=True, slots=True)
class Lease:
    """How long a claim holds, and how often its holder shows that it lives.

    Attributes:
        seconds: a claim that was not renewed for so long lapses.
        renewal: seconds between two renewals.
    """

    seconds: float = 600.0
    renewal: float = 120.0

    @property
    def dead_after(self) -> float:
        """Seconds without a sign of life after which a run is taken for dead, and its claims are withdrawn."""
        return self.seconds / 2


@dataclass(frozen=True, slots=True)
class Holder:
    """Who claims: a run, in its batch, with the versions that it screens with."""

    batch: int
    run: int
    versions: str
    lease: Lease


@dataclass(frozen=True, slots=True)
class Claimed:
    """A submission in hand.

    Attributes:
        token: what proves it.
        attempts: how often work on it was begun before and came to no end.
    """

    submission: str
    versions: str
    token: str
    attempts: int = field(default=0, compare=False)


class ClaimLost(Exception):
    """The claim lapsed or was withdrawn, and the work in hand may be another's by now: nothing of it may be stored."""


def claim(session: Session, holder: Holder, names: Sequence[str]) -> list[Claimed]:
    """Claim those of these submissions that wait in the batch and that nobody has in hand."""
    return _claim(session, holder, _free(holder).where(Waiting.submission.in_(names)))


def claim_up_to(session: Session, holder: Holder, most: int) -> list[Claimed]:
    """Claim the next submissions of the batch, at most so many: those that ended nobody yet come first.

    Nothing claimed while something is free means that another was quicker: ask again.
    """
    return _claim(session, holder, _free(holder).limit(most))


def claim_end(session: Session, holder: Holder) -> Claimed | None:
    """Claim the end of the batch, for which nothing may wait any more; None where it has ended or another has it."""
    waits = select(Waiting.submission).where(Waiting.batch_id == holder.batch).exists()
    wanted = (
        _row(holder, "", end_of(holder.batch))
        .select_from(Batch)
        .where(Batch.id == holder.batch, Batch.ended_at.is_(None), ~waits)
    )
    return next(iter(_insert(session, wanted, Claim.until < clock())), None)


def begin_work(session: Session, claimed: Claimed) -> None:
    """Note that work on it begins: from now on its holder's end counts.

    Raises:
        ClaimLost: it is no longer its holder's.
    """
    begun = update(Claim).where(_is(claimed))
    if not _changed(session, begun.values(begun=True, attempts=Claim.attempts + 1 - BEGUN)):
        raise ClaimLost(claimed.submission)


def end_of(batch: int) -> str:
    """Return what stands in the place of versions where a batch's end is claimed."""
    return f"end of batch {batch}"


def waiting_names(session: Session, batch: int) -> list[str]:
    """Return the submissions of a batch that have no outcome yet, in anybody's hands or in none."""
    query = select(Waiting.submission).where(Waiting.batch_id == batch)
    return list(session.scalars(query.order_by(Waiting.position, Waiting.submission)))


def held_names(session: Session, holder: Holder) -> set[str]:
    """Return the submissions of the batch that somebody has in hand."""
    query = select(Waiting.submission).join(Claim, _same(holder)).where(Waiting.batch_id == holder.batch)
    return set(session.scalars(query.where(Claim.until >= clock())))


def renew(session: Session, claims: Collection[Claimed], lease: Lease) -> set[Claimed]:
    """Renew the claims that are their holder's still, lapsed or not; returns the others, which are lost."""
    tokens = {one.token for one in claims}
    kept = session.execute(
        update(Claim)
        .where(Claim.token.in_(tokens))
        .values(until=clock(lease.seconds))
        .returning(Claim.submission, Claim.versions, Claim.token)
        .execution_options(synchronize_session=False)
    )
    return set(claims) - {Claimed(*row) for row in kept}


def release(session: Session, claimed: Claimed) -> None:
    """End a claim; done first in the transaction that stores what came of it, it keeps others from taking it meanwhile.

    Raises:
        ClaimLost: it is no longer its holder's; the transaction must not go through.
    """
    if not _changed(session, delete(Claim).where(_is(claimed))):
        raise ClaimLost(claimed.submission)


def hand_back(session: Session, claims: Collection[Claimed]) -> None:
    """Let go of submissions whose work was not begun or was broken off on purpose: this time does not count."""
    _hand_back(session, Claim.token.in_({one.token for one in claims}))


def hand_back_all(session: Session, run: int) -> None:
    """Do so with all that a run has in hand: it ends in good order."""
    _hand_back(session, and_(Claim.run_id == run, Claim.token != ""))


def _hand_back(session: Session, which: ColumnElement[bool]) -> None:
    before = Claim.attempts - BEGUN
    _changed(session, delete(Claim).where(which, before <= 0))
    _changed(
        session, update(Claim).where(which).values(until=clock(-1), token="", begun=False, attempts=before)
    )


def let_lapse(session: Session, claimed: Claimed) -> bool:
    """Let go of a submission whose worker died: this time counts. Tells whether it was the last that is allowed.

    Raises:
        ClaimLost: it is no longer its holder's.
    """
    attempts = session.scalar(select(Claim.attempts).where(_is(claimed)))
    if attempts is not None and attempts >= MOST_DEATHS:
        release(session, claimed)
        return True
    if not _changed(session, update(Claim).where(_is(claimed)).values(until=clock(-1), token="")):
        raise ClaimLost(claimed.submission)
    return False


def withdraw(session: Session, run: int) -> None:
    """Make what a dead run has in hand free for others at once."""
    _changed(
        session,
        update(Claim).where(Claim.run_id == run, Claim.until >= clock()).values(until=clock(-1), token=""),
    )


def begun_before(session: Session, holder: Holder) -> dict[str, int]:
    """Return how often work was begun on submissions of the batch without coming to an end; others were never begun."""
    query = select(Waiting.submission, Claim.attempts).join(Claim, _same(holder))
    return dict(session.execute(query.where(Waiting.batch_id == holder.batch, Claim.attempts > 0)).all())


def given_up(session: Session, holder: Holder) -> list[str]:
    """Return the submissions of the batch over which so many were lost that nobody gets them any more."""
    query = select(Waiting.submission).join(Claim, _same(holder)).where(Waiting.batch_id == holder.batch)
    return list(session.scalars(query.where(_spent())))


def bury(session: Session, holder: Holder, name: str) -> None:
    """Take a submission that was given up off the claims, in the transaction that notes it as failed.

    Raises:
        ClaimLost: another has done so.
    """
    mine = and_(Claim.submission == name, Claim.versions == holder.versions, _spent())
    if not _changed(session, delete(Claim).where(mine)):
        raise ClaimLost(name)


def tidy(session: Session) -> None:
    """Forget claims that lapsed long ago."""
    _changed(session, delete(Claim).where(Claim.until < clock(-TIDY_AFTER)))


def _free(holder: Holder) -> Select[Any]:
    """Rows to claim: what waits in the batch and is in nobody's hands, in the order in which it is taken."""
    lapsed = and_(Claim.until < clock(), Claim.attempts < MOST_DEATHS)
    return (
        _row(holder, Waiting.submission, holder.versions)
        .select_from(Waiting)
        .outerjoin(Claim, _same(holder))
        .where(Waiting.batch_id == holder.batch, or_(Claim.submission.is_(None), lapsed))
        .order_by(func.coalesce(Claim.attempts, 0), Waiting.position, Waiting.submission)
    )


def _row(holder: Holder, submission: ColumnElement[str] | Any, versions: str) -> Select[Any]:
    """A claim's columns, in the order of ``COLUMNS``."""
    return select(
        literal(submission, String) if isinstance(submission, str) else submission,
        literal(versions, String),
        literal(uuid.uuid4().hex, String),
        literal(holder.run, Integer),
        clock(holder.lease.seconds),
        literal(False, Boolean),
        literal(0, Integer),
        clock(),
    )


COLUMNS = ("submission", "versions", "token", "run_id", "until", "begun", "attempts", "claimed_at")


def _claim(session: Session, holder: Holder, wanted: Select[Any]) -> list[Claimed]:
    return _insert(session, wanted, and_(Claim.until < clock(), Claim.attempts < MOST_DEATHS))


def _insert(session: Session, wanted: Select[Any], lapsed: ColumnElement[bool]) -> list[Claimed]:
    """The one statement: whoever comes second finds the first one's row, which has not lapsed, and gets nothing."""
    insert = inserting(session, Claim).from_select(COLUMNS, wanted, include_defaults=False)
    new = insert.excluded
    taken_over = {name: new[name] for name in ("token", "run_id", "until", "begun", "claimed_at")}
    statement = insert.on_conflict_do_update(
        index_elements=[Claim.submission, Claim.versions],
        set_=taken_over,
        where=lapsed,
    )
    rows = session.execute(statement.returning(Claim.submission, Claim.versions, Claim.token, Claim.attempts))
    return [Claimed(*row) for row in rows]


def _same(holder: Holder) -> ColumnElement[bool]:
    return and_(Claim.submission == Waiting.submission, Claim.versions == holder.versions)


def _spent() -> ColumnElement[bool]:
    return and_(Claim.until < clock(), Claim.attempts >= MOST_DEATHS)


def _is(claimed: Claimed) -> ColumnElement[bool]:
    return and_(
        Claim.submission == claimed.submission,
        Claim.versions == claimed.versions,
        Claim.token == claimed.token,
    )


def _changed(session: Session, statement: Any) -> int:
    """Do it, past whatever the session remembers; returns how many rows it was."""
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
