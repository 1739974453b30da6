"""One run over an inbox: what is new is screened and stored, what is not is left alone.

The orchestrator's flow and the direct way both drive this one class, submission by submission, so that what they
write cannot differ. Each submission is stored in one transaction under a unique key of its files and the rubric,
model and reader versions: after a crash, the same command finds what is done and does the rest. Several runs over one
inbox share a batch (:mod:`pipeline.batches.part`): each claims what it screens, and leaves alone what others have in hand.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path

from models.registry.registry import load_model
from pipeline.batches.comparing import compare_offices
from pipeline.batches.desks import Desks
from pipeline.batches.item import Item
from pipeline.batches.part import Part, Stopped
from pipeline.batches.recording import GIVEN_UP, WHY_GIVEN_UP, WORKER_DIED, Failed, Recording
from pipeline.batches.worker import Setup, prepare, screen
from pipeline.intake.names import safe_name
from pipeline.intake.pulled import Pulled, Submissions
from pipeline.learning.ordering.unknown_words import place_all_by
from pipeline.processes import ProcessPool, WorkerDied
from pipeline.screening.drafting import Versions
from pipeline.screening.screener import Screened
from pipeline.store import submissions
from pipeline.store.database import Store
from pipeline.store.faults import MACHINE_FAILED, fault_of_disk
from pipeline.store.known_files import StoredFiles
from pipeline.store.work import batches, claims, runs
from pipeline.store.work.claims import Claimed, ClaimLost, Lease
from rubric.exceptions import InboxTimedOut, KhetcheckError
from rubric.language import Bilingual

STALE_SECONDS = 24 * 3600
DEFAULT_LEASE = Lease()
DIED = Bilingual(
    "โปรแกรมอ่านหยุดกลางคันสองครั้ง อาจเพราะหน่วยความจำไม่พอ",
    "The worker stopped in mid-work twice, perhaps for want of memory.",
)


class BatchStopped(Exception):
    """The run was told to end: what is in hand is not stored, and the same command does it again."""


class BatchRun:
    """A run over one inbox; with others over the same inbox it shares a batch.

    Args:
        home: folder of the embedded store, files and models.
        setup: what the workers are made with.
        workers: number of worker processes.
        batch: number of an open batch to join; None joins the one that is open over this inbox, or opens one.
        lease: how long a claim on a submission holds.
    """

    def __init__(
        self,
        inbox: Submissions,
        store: Store,
        home: Path,
        setup: Setup,
        workers: int,
        batch: int | None = None,
        lease: Lease = DEFAULT_LEASE,
    ) -> None:
        self.inbox, self.store, self.setup = inbox, store, setup
        self.versions: Versions = setup.versions
        self.inbox.owner_of = self._address_before
        self._files = setup.kept.open()
        self._known = StoredFiles(store)
        self._workers = ProcessPool(workers, partial(prepare, setup))
        self._desks = Desks(workers)
        self._files.sweep(STALE_SECONDS, time.time())
        self._stopped = self._listed = self._over = False
        self._part = Part(store, inbox.url, self.versions.key(), lease, lambda: self._workers.kill())
        self._records = Recording(store, self._part, inbox, self.versions)
        self._part.join(batch)

    @property
    def id(self) -> int:
        """Number of the batch."""
        return self._part.batch

    @property
    def killed_runs(self) -> tuple[str, ...]:
        """The orchestrator's ids of runs that were found dead, which it may still take for running."""
        return tuple(self._part.killed_runs)

    def triage(
        self, names: Iterable[str], limit: int | None = None, retry: bool = False
    ) -> tuple[list[Item], list[str]]:
        """Tell what is drafted already from what is to be screened, without fetching or reading anything.

        What is to be screened is put down as waiting in the batch, for any of its runs to take.

        Args:
            limit: at most so many are to be screened; the others wait for the next run.
            retry: also what was given up, because it ended those who worked on it.
        """
        names = list(names)
        while True:
            settled: list[Item] = []
            waiting: list[str] = []
            for name in names:
                item = self._settled(name, retry)
                if item is not None:
                    settled.append(item)
                elif limit is None or len(waiting) < limit:
                    waiting.append(name)
            # long ones first, or the last worker is left alone with one; those of like size in order
            waiting.sort(key=lambda name: self.inbox.size_of(name).bit_length(), reverse=True)
            if self._part.plan({name: self.inbox.address_of(name) for name in waiting}):
                return settled, self._part.in_order(waiting)

    def help_out(self) -> None:
        """Take part with nothing planned by this process: it is given names of the batch, see :meth:`screen`."""
        self._list()
        self._part.plan({})

    def note_flow_run(self, flow_run: str) -> None:
        """Note the orchestrator's id of this run."""
        part = self._part
        self.store.carry_out(lambda session: batches.note_flow_run(session, part.batch, part.run, flow_run))

    def take(self, most: int) -> list[str]:
        """Take the next submissions of the batch in hand, at most so many, to be given to :meth:`screen` each.

        Waits while other runs have all that is left, and takes what they let go of.

        Returns:
            Their names; none where the batch has nothing to do any more.

        Raises:
            BatchStopped: the run was told to end.
        """
        self._list()
        try:
            return self._part.take(most)
        except Stopped:
            raise BatchStopped from None

    def watch(self, names: Collection[str]) -> tuple[list[Item], list[str]]:
        """Wait until one of these submissions, which others have in hand, is so no longer.

        Returns:
            What became of those that others did, and those that are free, to be given to :meth:`screen` again.

        Raises:
            BatchStopped: the run was told to end.
        """
        try:
            told = self._part.wait_for_one(names)
        except Stopped:
            raise BatchStopped from None
        items, free = [], [name for name, how in told.items() if how in {"free", "given up"}]
        for name in (name for name, how in told.items() if how == "done"):
            item = self._records.noted(name)
            if item is not None:
                items.append(item)
            else:  # its batch was broken off
                free.append(name)
        return items, free

    def screen(self, name: str) -> Item | None:
        """Fetch, screen and store one submission; whatever goes wrong with it is its outcome and not the batch's end.

        Returns:
            What became of it, also where another run did it in this batch; None where another has it in hand.

        Raises:
            HomeError, StoreUnavailable: the machine fails, not the submission, and would fail the next one as well.
            BatchStopped: the run was told to end.
        """
        if self._stopped:
            raise BatchStopped
        claimed = self._claimed(name)
        if not isinstance(claimed, Claimed):
            return claimed
        started = time.monotonic()
        try:
            return self._screen(name, claimed, started)
        except ClaimLost:
            self._part.keeper.let_go(claimed)
            return self._records.noted(name)
        except Exception as error:  # a defect of ours must not take the other submissions with it
            if (fault := self._fault_of_machine(error)) is not None:
                raise fault from error
            return self._fail(name, Failed("defect", _defect(error), _since(started)), claimed)

    def finish(self) -> dict[str, int]:
        """Wait for the end of the batch; the run that comes to it compares the offices, makes the order of work, closes it.

        Where others go on with submissions beyond this run's share, the end is left to them.

        Returns:
            The batch's counts by outcome, of all its runs.

        Raises:
            BatchStopped: the run was told to end.
        """
        self._workers.close()
        store, setup = self.store, self.setup
        try:
            end = self._part.claim_end()
        except Stopped:
            raise BatchStopped from None
        if end is not None:
            store.patiently(lambda: compare_offices(store, setup.rubric, self.versions.rubric))
            model = load_model(setup.model or None, setup.home, quick=True)
            store.patiently(lambda: place_all_by(store, model))
            self._part.end(end)
        self._leave()
        return store.carry_out(lambda session: batches.totals(session, self.id))

    def stop(self) -> None:
        """End the workers at once, whatever they do; what is in hand is not stored."""
        self._stopped = True
        self._part.stop()
        self._workers.end()

    def close(self) -> None:
        """End the workers, and this run's part in the batch where it has not come to its end."""
        self._workers.close()
        self.break_off()

    def break_off(self) -> None:
        """End this run's part in the batch: what it has in hand is free, and the last run to leave closes the batch."""
        if not self._over:
            self.store.patience = 0.0  # else the next run finds it dead
            self._leave()

    def _list(self) -> None:
        if not self._listed:
            self.inbox.submissions()  # what folder stands behind a name
            self._listed = True

    def _leave(self) -> None:
        self._part.leave()
        self._over = True

    def _claimed(self, name: str) -> Claimed | Item | None:
        """Take a submission in hand; else tell what became of it, or None where another has it in hand."""
        while (claimed := self._part.claim(name)) is None:
            standing = self._part.standing([name])[name]
            if standing == "held":
                return None
            if standing == "given up":
                return self._give_up(name)
            if standing == "done":
                if (item := self._records.noted(name)) is not None:
                    return item
                self._part.plan({name: self.inbox.address_of(name)})  # nobody looked for it before
        return claimed

    def _give_up(self, name: str) -> Item | None:
        """Note as failed what ended those who worked on it; by its files, so that other files are tried."""
        try:
            pulled = self.inbox.glance(name, self._known)
        except KhetcheckError:
            pulled = None
        try:
            return self._records.fail(name, Failed(GIVEN_UP, WHY_GIVEN_UP, pulled=pulled))
        except ClaimLost:  # another was quicker
            return self._records.noted(name)

    def _fault_of_machine(self, error: Exception) -> Exception | None:
        """Return what is to end the run rather than this submission: a stop, a lost database, a full disk."""
        if isinstance(error, (BatchStopped, *MACHINE_FAILED)):
            return error
        return fault_of_disk(error, self.setup.home) if isinstance(error, OSError) else None

    def _screen(self, name: str, claimed: Claimed, started: float) -> Item | None:
        try:
            pulled = self.inbox.pull(name, self._files, self._known)
        except MACHINE_FAILED:
            raise
        except KhetcheckError as error:
            return self._fail(name, Failed("not_fetched", error.message, _since(started)), claimed)
        if (item := self._records.drafted_before(pulled, claimed)) is not None:
            return item
        try:
            screened = self._work_on(pulled, claimed)
        except (ClaimLost, BatchStopped):
            raise
        except WorkerDied:
            if self._stopped:
                raise BatchStopped from None
            if self._part.keeper.held(claimed.submission) != claimed:
                raise ClaimLost from None  # ended on purpose: it was no longer ours
            return self._fail(name, Failed(WORKER_DIED, DIED, _since(started), pulled), claimed)
        except MACHINE_FAILED:
            raise
        except KhetcheckError as error:
            return self._fail(name, Failed(error.code, error.message, _since(started), pulled), claimed)
        except Exception as error:
            if self._fault_of_machine(error) is not None:
                raise
            return self._fail(name, Failed("defect", _defect(error), _since(started), pulled), claimed)
        if screened.draft is None:
            code, why = screened.failure or ("unreadable", Bilingual("", ""))
            return self._fail(name, Failed(code, why, _since(started), pulled, screened), claimed)
        return self._records.keep(screened, _since(started), claimed)

    def _work_on(self, pulled: Pulled, claimed: Claimed) -> Screened:
        with self._desks.taken(alone=claimed.attempts > 0):
            if self._stopped:
                raise BatchStopped
            self.store.carry_out(lambda session: claims.begin_work(session, claimed))
            return self._workers.run(screen, pulled)

    def _fail(self, name: str, failed: Failed, claimed: Claimed | None = None) -> Item | None:
        try:
            return self._records.fail(name, failed, claimed)
        except ClaimLost:
            return self._records.noted(name)

    def _settled(self, name: str, retry: bool) -> Item | None:
        started = time.monotonic()
        try:
            pulled = self.inbox.glance(name, self._known, self._files)
        except InboxTimedOut as error:  # waiting for it a second time would only keep the others waiting
            return self._records.fail(name, Failed("not_fetched", error.message, _since(started)))
        except MACHINE_FAILED:
            raise
        except Exception:
            return None  # told when it is pulled
        if pulled is None:
            return None
        return self._records.drafted_before(pulled) or self._records.failed_before(pulled, retry)

    def _address_before(self, name: str) -> str | None:
        with self.store.reading() as session:
            submission = submissions.find_submission(session, name)
            return submission.inbox if submission else runs.address_of(session, self.id, name)


def _since(started: float) -> float:
    return time.monotonic() - started


def _defect(error: Exception) -> Bilingual:
    told = safe_name(f"{type(error).__name__}: {error}")
    return Bilingual(f"เกิดข้อผิดพลาดในโปรแกรม ({told})", f"There is a defect in the program ({told}).")
