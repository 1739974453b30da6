"""What a user asks to have written: which submissions, by which rubric, in which language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store.tables import Batch, BatchItem, DraftRow, Submission
from rubric import Rubric
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual, Language

Progress = Callable[[int, int], None]
"""Told ``(written, all)`` now and then."""


def tell_nobody(written: int, of: int) -> None:
    """Tell nobody how far it has come."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to write.

    Attributes:
        rubric: whose points are the columns of a table; drafts of other rubrics are written with what they have of them.
        submission: this one only.
        batch: those of this batch only.
        among: those of these numbers only.
        decided: only those that somebody finished reviewing.
    """

    rubric: Rubric
    language: Language = "th"
    submission: str | None = None
    batch: int | None = None
    among: frozenset[int] | None = None
    decided: bool = False
    progress: Progress = tell_nobody

    def submissions(self, session: Session) -> list[int]:
        """Return the ids of the asked submissions that have a draft, by name.

        Raises:
            NotFoundError: there is no such submission, no draft of it, or no such batch.
        """
        query = (
            select(Submission.id)
            .join(DraftRow, DraftRow.submission_id == Submission.id)
            .where(DraftRow.current)
        )
        if self.submission is not None:
            query = query.where(Submission.name == self.submission)
        if self.batch is not None:
            if session.get(Batch, self.batch) is None:
                raise NotFoundError(
                    Bilingual(f"ไม่มีรอบที่ {self.batch}", f"There is no batch {self.batch}."), SEE_STATUS
                )
            query = query.join(BatchItem, BatchItem.submission_id == Submission.id).where(
                BatchItem.batch_id == self.batch
            )
        rows = session.scalars(query.order_by(Submission.name))
        found = [one for one in rows if self.among is None or one in self.among]
        if self.submission is not None and not found:
            raise no_draft(self.submission)
        return found


SEE_STATUS = Bilingual("ดูรายชื่อด้วย khetcheck status", "See khetcheck status.")


def no_draft(submission: str) -> NotFoundError:
    """Return the refusal of a submission that has no draft (in what was asked)."""
    return NotFoundError(
        Bilingual(f"ไม่มีร่างของ {submission}", f"There is no draft of {submission}."), SEE_STATUS
    )
