"""A run's part in a batch: joined, what there is to do planned and claimed, the end made by one, left again.

All that several runs must agree on goes through here to the database; what is done with a submission in hand is
:mod:`pipeline.batches.batch`.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Literal, TypeVar

from sqlalchemy.orm import Session

from pipeline.batches.keeping import Keeper
from pipeline.liveness import here
from pipeline.store.database import Store
from pipeline.store.tables import Batch
from pipeline.store.work import batches, claims, runs
from pipeline.store.work.claims import Claimed, Holder, Lease
from rubric.exceptions import KhetcheckError

SHORTEST_LOOK, LONGEST_LOOK = 0.1, 2.0
"""Seconds between two looks at what others have in hand; each is a question or two to the database."""

Result = TypeVar("Result")
Standing = Literal["done", "free", "held", "given up"]


class Stopped(Exception):
    """The run was told to end while it waited for others."""


class Part:
    """One process's part in a batch.

    Args:
        on_all_lost: called when nothing is left of what was in hand: it was stopped for longer than a lease.

    Attributes:
        batch: number of the batch, once it is joined.
        run: number of this run.
        here: where this process runs.
        killed_runs: the orchestrator's ids of runs that were found dead, which it may take for running.
    """

    def __init__(
        self,
        store: Store,
        inbox: str,
        versions: tuple[str, str, str],
        lease: Lease,
        on_all_lost: Callable[[], None],
    ) -> None:
        self.store, self.lease = store, lease
        self._inbox, self._versions, self._on_all_lost = inbox, versions, on_all_lost
        self.here = here()
        self.killed_runs: list[str] = []
        self.batch = self.run = 0
        self._stopped = self._planned = False
        self._joining = threading.Lock()
        self._keeper: Keeper | None = None

    def join(self, batch: int | None) -> None:
        """Take part in a batch.

        Args:
            batch: number of an open one; None joins the one that is open over this inbox, or opens one.

        Raises:
            NotFoundError: there is no open batch of that number, inbox and versions.
        """
        try:
            self._join(batch)
        except BaseException:  # also a signal that came just as the batch was begun
            self.leave()
            raise

    def plan(self, places: Mapping[str, str]) -> bool:
        """Say what there is to do, by name and address; where the batch is at its end already, another one is joined.

        Returns:
            False where it was another one: what was noted belongs to the old one, and is to be looked at again.
        """
        with self._joining:
            if self._do(lambda session: runs.plan(session, self.batch, self.run, places)):
                self._planned = True
                return True
            self.leave()
            self._join(None)
            return False

    def in_order(self, names: Sequence[str]) -> list[str]:
        """Put last what ended those who worked on it, so that it does not keep the others waiting."""
        before = self._look(lambda session: claims.begun_before(session, self.holder))
        return sorted(names, key=lambda name: before.get(name, 0))

    def claim(self, name: str) -> Claimed | None:
        """Take a submission in hand; None where another has it, or it is done."""
        mine = self.keeper.held(name)
        if mine is not None:
            return mine
        self.keeper.hold(taken := self._do(lambda session: claims.claim(session, self.holder, [name])))
        return taken[0] if taken else None

    def take(self, most: int) -> list[str]:
        """Take the next submissions in hand, at most so many; waits while others have all that is left.

        Returns:
            Their names; none where the batch has nothing to do any more. Among them are such as were given up.

        Raises:
            Stopped: the run was told to end.
        """
        if not self._planned:
            self.plan({})
        pauses = self._pauses()
        while True:
            taken = self._do(lambda session: claims.claim_up_to(session, self.holder, most))
            if taken:
                self.keeper.hold(taken)
                return [one.submission for one in taken]
            left = self.standing()
            if spent := [name for name, how in left.items() if how == "given up"]:
                return spent[:most]
            if not left and not self._is_planning():
                return []
            if "free" not in left.values():  # else another was quicker just now
                next(pauses)

    def standing(self, names: Collection[str] = ()) -> dict[str, Standing]:
        """Tell of these submissions, else of all that wait: done, in somebody's hands, free, or given up."""
        waiting, held, spent = self._look(
            lambda session: (
                claims.waiting_names(session, self.batch),
                claims.held_names(session, self.holder),
                claims.given_up(session, self.holder),
            )
        )
        told: dict[str, Standing] = dict.fromkeys(names, "done")
        for name in waiting:
            if name in told or not names:
                told[name] = "held" if name in held else "given up" if name in spent else "free"
        return told

    def wait_for_one(self, names: Collection[str]) -> dict[str, Standing]:
        """Wait until one of these submissions, which others have in hand, is so no longer; tells how all stand.

        Raises:
            Stopped: the run was told to end.
        """
        pauses = self._pauses()
        while set((told := self.standing(names)).values()) == {"held"}:
            next(pauses)
        return told

    def claim_end(self) -> Claimed | None:
        """Wait for the end of the batch; returns the claim on it where this run is to make it.

        Returns:
            None where it has ended, or others go on with what they planned beyond this run's share.

        Raises:
            Stopped: the run was told to end.
        """

        def ask(session: Session) -> tuple[bool, Claimed | None]:
            batch = session.get_one(Batch, self.batch, with_for_update=True)  # nobody plans meanwhile
            over = batch.ended_at is not None or bool(claims.waiting_names(session, self.batch))
            planning = any(not run.planned for run in runs.others(session, self.batch, self.here))
            return over, None if over or planning else claims.claim_end(session, self.holder)

        pauses = self._pauses()
        while True:
            over, end = self._do(ask)
            if over:
                return None
            if end is not None:
                self.keeper.hold([end])
                return end
            next(pauses)

    def end(self, end: Claimed) -> dict[str, int]:
        """Close the batch, and the parts of runs that were killed in it; returns its counts by outcome."""

        def close(session: Session) -> dict[str, int]:
            claims.release(session, end)
            return batches.end_batch(session, self.batch)

        totals = self._do(close)
        self.keeper.let_go(end)
        self.killed_runs += self._do(runs.bury_dead)
        return totals

    def stop(self) -> None:
        """Let whoever waits here know that the run ends."""
        self._stopped = True

    def leave(self) -> None:
        """End this part: what is in hand is another's to do; the last to leave closes the batch."""
        if self._keeper is not None:
            self._keeper.stop()
        if self.run:
            with contextlib.suppress(KhetcheckError):  # the next run finds it dead
                self._do(lambda session: runs.leave(session, self.run, self.here))

    @property
    def keeper(self) -> Keeper:
        """What keeps the claims in hand."""
        assert self._keeper is not None, "joined by now"
        return self._keeper

    @property
    def holder(self) -> Holder:
        """Who claims: this run, with its versions."""
        return Holder(self.batch, self.run, " ".join(self._versions), self.lease)

    def _join(self, batch: int | None) -> None:
        def begin(session: Session) -> list[str]:
            tried = self.run  # before the database was lost; whether that was stored nobody heard
            claims.tidy(session)
            dead = runs.bury_dead(session)
            # known before they are stored: whatever comes between is closed by their numbers
            if batch is None:
                self.batch, self.run = runs.open_or_join(
                    session, self._inbox, self._versions, self.here, self.lease
                )
            else:
                self.batch = batches.resume_batch(session, batch, self._inbox, self._versions)
                self.run = runs.join(session, batch, self.here, self.lease)
            if tried not in (0, self.run):
                runs.leave(session, tried, self.here)
            return dead

        self.killed_runs += self._do(begin)
        self._keeper = Keeper(self.store, self.run, self.lease, self._on_all_lost)
        self._keeper.start()

    def _is_planning(self) -> bool:
        """Tell whether another process still looks for what there is to do."""
        others = self._look(lambda session: runs.others(session, self.batch, self.here))
        return any(not run.planned for run in others)

    def _pauses(self) -> Iterator[None]:
        """Wait ever longer, freeing meanwhile what dead runs had in hand."""
        pause = SHORTEST_LOOK
        while True:
            if self._stopped:
                raise Stopped
            time.sleep(pause)
            pause = min(1.5 * pause, LONGEST_LOOK)
            if self._look(runs.is_any_dead):
                self.killed_runs += self._do(runs.bury_dead)
            yield

    def _do(self, work: Callable[[Session], Result]) -> Result:
        return self.store.carry_out(work)

    def _look(self, look: Callable[[Session], Result]) -> Result:
        def once() -> Result:
            with self.store.reading() as session:
                return look(session)

        return self.store.patiently(once)
