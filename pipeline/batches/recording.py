"""What became of each submission, put down: the only place that stores drafts and failures.

Each outcome is one transaction: delivery, documents, readings, draft, the batch's item, and the release of the claim under
which it was worked out. Whoever lost that claim stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.batches.item import Item, item_of, noted_item
from pipeline.batches.part import Part
from pipeline.intake.names import safe_name
from pipeline.intake.pulled import Pulled, Submissions
from pipeline.screening.drafting import Versions
from pipeline.screening.screener import Screened, office_key
from pipeline.store import drafts, submissions
from pipeline.store.database import Store
from pipeline.store.readings import find_reading, save_reading, worth_keeping
from pipeline.store.tables import DraftRow, Submission
from pipeline.store.work import batches, claims
from pipeline.store.work.claims import Claimed
from rubric.language import Bilingual

GIVEN_UP = "given_up"
"""It ended those who worked on it, again and again: it is tried again only on purpose."""
WORKER_DIED = "worker_died"
RETRIED = {WORKER_DIED, "not_fetched", "defect"}
"""Failures that say nothing about the files: such a submission is tried again at every run."""
WHY_GIVEN_UP = Bilingual(
    f"โปรแกรมหยุดกลางคันขณะตรวจชุดนี้ {claims.MOST_DEATHS} ครั้ง จึงพักไว้เพื่อไม่ให้กระทบชุดอื่น "
    "ตรวจสอบไฟล์และหน่วยความจำของเครื่อง แล้วสั่ง screen --retry เพื่อลองใหม่",
    f"The program was ended {claims.MOST_DEATHS} times while it worked on this submission, which is now left alone for the "
    "sake of the others. Look at its files and the machine's memory, then try again with screen --retry.",
)


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no draft.

    Attributes:
        pulled: its files, where they could be fetched.
        screened: what was read of them, where it came to that.
    """

    code: str
    why: Bilingual
    seconds: float = 0.0
    pulled: Pulled | None = None
    screened: Screened | None = None


class Recording:
    """What one run puts down in its batch."""

    def __init__(self, store: Store, part: Part, inbox: Submissions, versions: Versions) -> None:
        self._store, self._part, self._inbox, self._versions = store, part, inbox, versions

    def noted(self, name: str) -> Item | None:
        """Return what became of a submission in this batch, whoever did it; None where it has no outcome yet."""

        def look() -> Item | None:
            with self._store.reading() as session:
                return noted_item(session, self._part.batch, name, self._part.here)

        return self._store.patiently(look)

    def drafted_before(self, pulled: Pulled, claimed: Claimed | None = None) -> Item | None:
        """Note that a draft of these files and versions is there already; None where there is none.

        Raises:
            ClaimLost: the submission is in another's hands by now.
        """

        def find() -> DraftRow | None:
            with self._store.reading() as session:
                submission = submissions.find_submission(session, pulled.name)
                if submission is None:
                    return None
                return drafts.find_draft(session, submission.id, pulled.files_key, self._versions.key())

        draft = self._store.patiently(find)
        if draft is None:
            return None

        def note(session: Session) -> Item:
            self._release(session, claimed)
            known = noted_item(session, self._part.batch, pulled.name, self._part.here)
            if known is not None and known.outcome != "failed":
                self._note(session, pulled.name, None)
                return known
            known_draft = session.get_one(DraftRow, draft.id)
            stands = session.get_one(Submission, known_draft.submission_id).state not in {
                "received",
                "failed",
            }
            # a model rolled back to, files sent as they were before, or files that could not be fetched for a while
            if not known_draft.current or not stands:
                drafts.make_current(session, known_draft)
            more = {"draft_id": draft.id, "keep": ("drafted", "unchanged")}
            self._note(session, pulled.name, "unchanged", known_draft.submission_id, **more)
            return item_of(session, draft.id, pulled.name, "unchanged")

        return self._carried_out(note, claimed)

    def failed_before(self, pulled: Pulled, retry: bool) -> Item | None:
        """Note that these files failed before for a reason that lasts; None where they are to be tried (again).

        Args:
            retry: what was given up counts as new.
        """

        def note(session: Session) -> Item | None:
            delivery = submissions.find_delivery(session, pulled.name, pulled.files_key)
            why: dict[str, Any] = (delivery.failure if delivery else None) or {}
            if not delivery or why.get("reader") != self._versions.reader or why.get("code") in RETRIED:
                return None
            if not why.get("lasting", True) or (retry and why.get("code") == GIVEN_UP):
                return None
            if known := noted_item(session, self._part.batch, pulled.name, self._part.here):
                return replace(known, elsewhere=False)  # nobody's work of today
            more = {"reason": why, "keep": ("drafted", "unchanged", "failed")}
            self._note(session, pulled.name, "failed", delivery.submission_id, **more)
            return Item(
                pulled.name, "failed", reason=Bilingual(why["th"], why["en"]), code=str(why.get("code", ""))
            )

        return self._store.carry_out(note)

    def keep(self, screened: Screened, seconds: float, claimed: Claimed) -> Item:
        """Store a draft.

        Raises:
            ClaimLost: the submission is in another's hands by now; nothing is stored.
        """
        name, draft = screened.pulled.name, screened.draft
        assert draft is not None

        def store(session: Session) -> Item:
            self._release(session, claimed)
            delivery = submissions.record_delivery(session, _intake(screened), self._filed(session, screened))
            row = drafts.save_draft(session, draft, delivery, batch_id=self._part.batch, seconds=seconds)
            self._note(session, name, "drafted", delivery.submission_id, draft_id=row.id, seconds=seconds)
            return item_of(session, row.id, name, "drafted")

        try:
            return self._carried_out(store, claimed)
        except IntegrityError:  # another batch over the same files was quicker
            before = self.drafted_before(screened.pulled, claimed)
            if before is None:
                raise
            return before

    def fail(self, name: str, failed: Failed, claimed: Claimed | None = None) -> Item:
        """Store that no draft could be made, and why; one whose worker died once too often is given up.

        Raises:
            ClaimLost: the submission is in another's hands by now; nothing is stored.
        """
        name = safe_name(name)

        def store(session: Session) -> Item:
            code, why = failed.code, failed.why
            if code == GIVEN_UP:
                claims.bury(session, self._part.holder, name)
            elif code == WORKER_DIED and claimed is not None:
                if claims.let_lapse(session, claimed):
                    code, why = GIVEN_UP, WHY_GIVEN_UP
            else:
                self._release(session, claimed)
            reason = {"code": code, "th": why.th, "en": why.en, **self._lasting(failed.screened)}
            intake = _intake(failed.screened) if failed.screened else self._bare_intake(name, failed.pulled)
            documents = self._filed(session, failed.screened) if failed.screened else []
            delivery = submissions.record_failure(session, intake, documents, reason)
            self._note(session, name, "failed", delivery.submission_id, reason=reason, seconds=failed.seconds)
            return Item(name, "failed", intake.office, reason=why, seconds=failed.seconds, code=code)

        return self._carried_out(store, claimed)

    def _carried_out(self, work: Callable[[Session], Item], claimed: Claimed | None) -> Item:
        done = self._store.carry_out(work)
        if claimed is not None:
            self._part.keeper.let_go(claimed)
        return done

    def _release(self, session: Session, claimed: Claimed | None) -> None:
        if claimed is not None:
            claims.release(session, claimed)

    def _note(
        self, session: Session, name: str, outcome: batches.Outcome | None, submission: int = 0, **more: Any
    ) -> None:
        """Put the outcome into the batch; None where it stands there already and the submission only waits no more."""
        if outcome is not None:
            batches.note_item(session, self._part.batch, submission, outcome, run_id=self._part.run, **more)
        batches.wait_no_more(session, self._part.batch, name)

    def _lasting(self, screened: Screened | None) -> dict[str, Any]:
        lasting = screened is None or all(worth_keeping(one.reading) for one in screened.documents)
        return {"reader": self._versions.reader, "lasting": lasting}

    def _bare_intake(self, name: str, pulled: Pulled | None) -> submissions.Intake:
        address = self._inbox.address_of(name)
        if pulled is None:
            return submissions.Intake(name, address, "")
        return submissions.Intake(name, address, pulled.files_key, office=pulled.declared.office)

    def _filed(self, session: Session, screened: Screened) -> list[submissions.Filed]:
        reader = self._versions.reader
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
