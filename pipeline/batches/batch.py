"""One run over an inbox: what is new is screened and stored, what is not is left alone.

The orchestrator's flow and the direct way both drive this one class, submission by submission, so that what they
write cannot differ. Each submission is stored in one transaction under a unique key of its files and the rubric,
model and reader versions: after a crash, the same command finds what is done and does the rest.
"""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.registry.registry import load_model
from pipeline.batches.comparing import compare_offices
from pipeline.batches.item import Item, item_of
from pipeline.batches.worker import Setup, prepare, screen
from pipeline.intake.files import FileStore
from pipeline.intake.inbox import Inbox
from pipeline.intake.names import safe_name
from pipeline.intake.pulled import Pulled
from pipeline.learning.ordering.unknown_words import place_all_by
from pipeline.processes import ProcessPool, WorkerDied
from pipeline.screening.drafting import Versions
from pipeline.screening.screener import Screened, office_key
from pipeline.store import batches, drafts, submissions
from pipeline.store.database import Store
from pipeline.store.faults import MACHINE_FAILED, fault_of_disk
from pipeline.store.known_files import StoredFiles
from pipeline.store.readings import find_reading, save_reading, worth_keeping
from pipeline.store.tables import DraftRow, Submission
from rubric.exceptions import InboxTimedOut, KhetcheckError
from rubric.language import Bilingual

STALE_SECONDS = 24 * 3600
RETRIED = {"worker_died", "not_fetched", "defect"}
"""Failures that say nothing about the files: such a submission is tried again at every run."""


class BatchStopped(Exception):
    """The run was told to end: what is in hand is not stored, and the same command does it again."""


class BatchRun:
    """A run over one inbox.

    Args:
        home: folder of the embedded store, files and models.
        setup: what the workers are made with.
        workers: number of worker processes.
        batch: number of a batch that was begun already and goes on; None begins one.

    Attributes:
        killed_runs: the orchestrator's ids of earlier runs that were killed, which it still takes for running.
    """

    def __init__(
        self, inbox: Inbox, store: Store, home: Path, setup: Setup, workers: int, batch: int | None = None
    ) -> None:
        self.inbox, self.store, self.setup = inbox, store, setup
        self.versions: Versions = setup.versions
        self.inbox.owner_of = self._address_before
        self._files = FileStore(home / "files")
        self._known = StoredFiles(store)
        self._workers = ProcessPool(workers, partial(prepare, setup))
        self._files.sweep(STALE_SECONDS, time.time())
        self.killed_runs: tuple[str, ...] = ()
        self._stopped = False
        self._open = batch is None  # who began a batch ends it
        self._process = f"{platform.node()}:{os.getpid()}"
        self.id = batch or 0
        try:
            self._begin(batch)
        except BaseException:  # also a signal that came just as the batch was begun
            self._break_off()
            raise

    def _begin(self, batch: int | None) -> None:
        inbox, versions = self.inbox.url, self.versions.key()
        with self.store.transaction() as session:
            if batch is not None:
                batches.resume_batch(session, batch, inbox, versions)
                return
            self.killed_runs = tuple(batches.close_interrupted(session, inbox, _is_running))
            # known before it is stored: whatever comes between is closed by its number
            self.id = batches.begin_batch(session, inbox, versions, self._process)

    def triage(self, names: Iterable[str], limit: int | None = None) -> tuple[list[Item], list[str]]:
        """Tell what is drafted already from what is to be screened, without fetching or reading anything.

        Args:
            limit: at most so many are to be screened; the others wait for the next run.
        """
        settled: list[Item] = []
        waiting: list[str] = []
        for name in names:
            item = self._settled(name)
            if item is not None:
                settled.append(item)
            elif limit is None or len(waiting) < limit:
                waiting.append(name)
        return settled, waiting

    def note_flow_run(self, flow_run: str) -> None:
        """Note the orchestrator's id of this run."""
        self.store.carry_out(lambda session: batches.note_flow_run(session, self.id, flow_run))

    def screen(self, name: str) -> Item:
        """Fetch, screen and store one submission; whatever goes wrong with it is its outcome and not the batch's end.

        Raises:
            HomeError, StoreUnavailable: the machine fails, not the submission, and would fail the next one as well.
            BatchStopped: the run was told to end.
        """
        if self._stopped:
            raise BatchStopped
        started = time.monotonic()
        try:
            return self._screen(name, started)
        except Exception as error:  # a defect of ours must not take the other submissions with it
            if (fault := self._fault_of_machine(error)) is not None:
                raise fault from error
            return self._fail(name, "defect", _defect(error), started)

    def _fault_of_machine(self, error: Exception) -> Exception | None:
        """Return what is to end the run rather than this submission: a stop, a lost database, a full disk."""
        if isinstance(error, (BatchStopped, *MACHINE_FAILED)):
            return error
        return fault_of_disk(error, self.setup.home) if isinstance(error, OSError) else None

    def _screen(self, name: str, started: float) -> Item:
        try:
            pulled = self.inbox.pull(name, self._files, self._known)
        except MACHINE_FAILED:
            raise
        except KhetcheckError as error:
            return self._fail(name, "not_fetched", error.message, started)
        if (item := self._drafted_before(pulled)) is not None:
            return item
        try:
            screened = self._workers.run(screen, pulled)
        except WorkerDied:
            if self._stopped:
                raise BatchStopped from None
            why = Bilingual(
                "โปรแกรมอ่านหยุดกลางคันสองครั้ง อาจเพราะหน่วยความจำไม่พอ",
                "The worker stopped in mid-work twice, perhaps for want of memory.",
            )
            return self._fail(name, "worker_died", why, started, pulled)
        except MACHINE_FAILED:
            raise
        except KhetcheckError as error:
            return self._fail(name, error.code, error.message, started, pulled)
        except Exception as error:
            if self._fault_of_machine(error) is not None:
                raise
            return self._fail(name, "defect", _defect(error), started, pulled)
        return self._store(screened, time.monotonic() - started)

    def finish(self) -> dict[str, int]:
        """Compare the offices with each other, make the order of work and close the batch; returns counts by outcome."""
        self._workers.close()
        store, setup = self.store, self.setup
        store.patiently(lambda: compare_offices(store, setup.rubric, self.versions.rubric))
        model = load_model(setup.model or None, setup.home, quick=True)
        store.patiently(lambda: place_all_by(store, model))
        totals = store.carry_out(lambda session: batches.end_batch(session, self.id))
        self._open = False
        return totals

    def stop(self) -> None:
        """End the workers at once, whatever they do; what is in hand is not stored."""
        self._stopped = True
        self._workers.end()

    def close(self) -> None:
        """End the workers, and the batch too where it has not come to its end."""
        self._workers.close(wait=not self._stopped)
        self._break_off()

    def _break_off(self) -> None:
        if self._open and self.id:
            with contextlib.suppress(KhetcheckError):  # the next run closes it
                self.store.patience = 0.0
                self.store.carry_out(lambda session: batches.break_off(session, self.id, self._process))

    def _address_before(self, name: str) -> str | None:
        with self.store.reading() as session:
            submission = submissions.find_submission(session, name)
            return submission.inbox if submission else None

    def _settled(self, name: str) -> Item | None:
        started = time.monotonic()
        try:
            pulled = self.inbox.glance(name, self._known)
        except InboxTimedOut as error:  # waiting for it a second time would only keep the others waiting
            return self._fail(name, "not_fetched", error.message, started)
        except MACHINE_FAILED:
            raise
        except Exception:
            return None  # told when it is pulled
        return None if pulled is None else self._drafted_before(pulled) or self._failed_before(pulled)

    def _drafted_before(self, pulled: Pulled) -> Item | None:
        def find() -> DraftRow | None:
            with self.store.reading() as session:
                submission = submissions.find_submission(session, pulled.name)
                if submission is None:
                    return None
                return drafts.find_draft(session, submission.id, pulled.files_key, self.versions.key())

        draft = self.store.patiently(find)
        if draft is None:
            return None

        def note(session: Session) -> Item:
            known = session.get_one(DraftRow, draft.id)
            stands = session.get_one(Submission, known.submission_id).state not in {"received", "failed"}
            # a model rolled back to, files sent as they were before, or files that could not be fetched for a while
            if not known.current or not stands:
                drafts.make_current(session, known)
            batches.note_item(session, self.id, known.submission_id, "unchanged", draft_id=draft.id)
            return item_of(session, draft.id, pulled.name, "unchanged")

        return self.store.carry_out(note)

    def _failed_before(self, pulled: Pulled) -> Item | None:
        def note(session: Session) -> Item | None:
            delivery = submissions.find_delivery(session, pulled.name, pulled.files_key)
            why: dict[str, Any] = (delivery.failure if delivery else None) or {}
            if not delivery or why.get("reader") != self.versions.reader or why.get("code") in RETRIED:
                return None
            if not why.get("lasting", True):
                return None
            batches.note_item(session, self.id, delivery.submission_id, "failed", reason=why)
            return Item(pulled.name, "failed", reason=Bilingual(why["th"], why["en"]))

        return self.store.carry_out(note)

    def _store(self, screened: Screened, seconds: float) -> Item:
        name = screened.pulled.name
        if screened.draft is None:
            code, why = screened.failure or ("unreadable", Bilingual("", ""))
            return self._fail(name, code, why, time.monotonic() - seconds, screened.pulled, screened)
        drafted = screened.draft

        def keep(session: Session) -> Item:
            delivery = submissions.record_delivery(session, _intake(screened), self._filed(session, screened))
            draft = drafts.save_draft(session, drafted, delivery, batch_id=self.id, seconds=seconds)
            batches.note_item(
                session, self.id, delivery.submission_id, "drafted", draft_id=draft.id, seconds=seconds
            )
            return item_of(session, draft.id, name, "drafted")

        try:
            return self.store.carry_out(keep)
        except (
            IntegrityError
        ):  # another run over the same inbox was quicker, or this was stored just as the database went
            before = self._drafted_before(screened.pulled)
            if before is None:
                raise
            return before

    def _filed(self, session: Session, screened: Screened) -> list[submissions.Filed]:
        reader = self.versions.reader
        filed = []
        for one in screened.documents:
            made = one.reading
            number: int | None
            if one.fresh and (made.blocks or worth_keeping(made)):
                number = save_reading(session, made, reader, one.seconds, one.fingerprints)
            else:
                number = find_reading(session, made.sha256, reader)
            filed.append(submissions.Filed(one.outcome, one.size, one.kind_source, number))
        return filed

    def _fail(
        self,
        name: str,
        code: str,
        why: Bilingual,
        started: float,
        pulled: Pulled | None = None,
        screened: Screened | None = None,
    ) -> Item:
        seconds = time.monotonic() - started
        lasting = screened is None or all(worth_keeping(one.reading) for one in screened.documents)
        reason = {
            "code": code,
            "th": why.th,
            "en": why.en,
            "reader": self.versions.reader,
            "lasting": lasting,
        }
        intake = (
            _intake(screened)
            if screened
            else submissions.Intake(
                safe_name(name),
                self.inbox.address_of(name),
                pulled.files_key if pulled else "",
                office=pulled.declared.office if pulled else "",
            )
        )

        def keep(session: Session) -> None:
            documents = self._filed(session, screened) if screened else []
            delivery = submissions.record_failure(session, intake, documents, reason)
            batches.note_item(
                session, self.id, delivery.submission_id, "failed", reason=reason, seconds=seconds
            )

        self.store.carry_out(keep)
        return Item(safe_name(name), "failed", intake.office, reason=why, seconds=seconds)


def _defect(error: Exception) -> Bilingual:
    told = safe_name(f"{type(error).__name__}: {error}")
    return Bilingual(f"เกิดข้อผิดพลาดในโปรแกรม ({told})", f"There is a defect in the program ({told}).")


def _is_running(process: str) -> bool:
    """Tell whether a batch's process lives; one on another machine, or on Windows, is taken to."""
    host, _, number = process.rpartition(":")
    if host != platform.node() or os.name != "posix":
        return True
    if int(number) == os.getpid():
        return False  # a number used again after a restart of the machine
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _intake(screened: Screened) -> submissions.Intake:
    told, pulled = screened.told, screened.pulled
    return submissions.Intake(
        name=pulled.name,
        url=pulled.url,
        files_key=pulled.files_key,
        declared={**pulled.declared.as_data(), "inferred": list(told.inferred)},
        office=told.office,
        office_key=office_key(told),
        province=told.province,
        fiscal_year=told.fiscal_year,
        round=told.round,
    )
