"""A case as its page shows it: one submission with its draft, its documents, and one reader's review."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.cases.blind import Hiding, case_names, hiding_of, tells_name
from pipeline.review.cases.documents import DocumentView, documents_of
from pipeline.review.cases.passages import additions_of, passages_of
from pipeline.review.cases.points import PointView, points_of
from pipeline.review.cases.reader_role import ReaderRole, current_draft, reader_role_of
from pipeline.review.decisions.act_values import score_of, score_range
from pipeline.review.people.users import Person
from pipeline.store.tables import Batch, DraftRow, FindingRow, Review, ReviewPoint, Submission
from rubric import Rubric
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class Case:
    """What the case page needs.

    Attributes:
        short, name: what the case is called: the office, or a number where its name is hidden.
        hidden: the draft is not shown: a blind case whose reader has not scored.
        nameless: the office's name is not shown: a blind case whose reader has not finished.
        read_only: this person may look but not decide.
        newer: number of a draft made after the one under review.
    """

    submission: Submission
    short: Bilingual
    name: Bilingual
    draft: DraftRow
    rubric: Rubric
    reader_role: ReaderRole
    review: Review | None
    hidden: bool
    nameless: bool
    read_only: bool
    newer: int | None
    documents: tuple[DocumentView, ...]
    points: tuple[PointView, ...]
    findings: tuple[FindingRow, ...]
    flow_run: str | None

    @property
    def states(self) -> dict[int, str | None]:
        """Point -> state decided so far."""
        return {point.number: point.state for point in self.points}

    @property
    def decided(self) -> int:
        """Number of points decided."""
        return sum(state is not None for state in self.states.values())

    @property
    def score(self) -> int | None:
        """The score by the rubric's table, None while a point is undecided."""
        return score_of(self.rubric, self.states)

    @property
    def score_range(self) -> tuple[int, int]:
        """The scores that are still possible."""
        return score_range(self.rubric, self.states)

    @property
    def version(self) -> int:
        """Version of the review that this page shows."""
        return self.review.version if self.review else 0

    @property
    def finished(self) -> bool:
        """Whether the review is closed."""
        return bool(self.review and self.review.finished_at)

    def document(self, document_id: int | None) -> DocumentView | None:
        """Return the document of that id, else the first that was read."""
        asked = next((d for d in self.documents if d.row.id == document_id), None)
        return (
            asked or next((d for d in self.documents if d.sheets), None) or next(iter(self.documents), None)
        )


def submission_of(session: Session, submission_id: int) -> Submission:
    """Return a submission.

    Raises:
        NotFoundError: there is none.
    """
    submission = session.get(Submission, submission_id)
    if submission is None:
        raise NotFoundError(Bilingual("ไม่พบกรณีนี้", "There is no such case."))
    return submission


def load_case(
    session: Session,
    rubric_of: Callable[[str], Rubric],
    person: Person,
    submission_id: int,
    points: Collection[int] | None = None,
) -> Case:
    """Load a case for one person.

    Args:
        rubric_of: gives the rubric that a draft names.
        points: load the passages of these points alone, to answer an act quickly: none where only states matter, None
            for all. There is a card for every point in any case.

    Raises:
        NotFoundError: no such case, or no draft of it.
    """
    submission = submission_of(session, submission_id)
    reader_role = reader_role_of(session, person, submission_id)
    newest = current_draft(session, submission_id)
    review = reader_role.review
    draft = session.get_one(DraftRow, review.draft_id) if review else newest
    if draft is None:
        raise NotFoundError(Bilingual("กรณีนี้ยังไม่มีร่างผล", "There is no draft of this case."))
    rubric = rubric_of(draft.rubric)
    hiding = hiding_of(session, submission, reader_role, person)
    short, name = case_names(submission, hiding)
    documents = documents_of(session, draft, submission.id, hiding)
    files = {document.row.id: document.file for document in documents}
    review_id = review.id if review else None
    if hiding.draft:
        passages = additions_of(session, review_id, files) if review_id else {}
    else:
        passages = passages_of(session, draft.id, review_id, files, points)
    return Case(
        submission=submission,
        short=short,
        name=name,
        draft=draft,
        rubric=rubric,
        reader_role=reader_role,
        review=review,
        hidden=hiding.draft,
        nameless=hiding.name,
        read_only=reader_role.kind is None,
        newer=newest.number if newest and newest.number > draft.number else None,
        documents=documents,
        points=points_of(session, rubric, draft.id, _decided(session, review), passages, hidden=hiding.draft),
        findings=_findings(session, draft.id, submission, documents, hiding),
        flow_run=_flow_run(session, draft),
    )


def _decided(session: Session, review: Review | None) -> dict[int, ReviewPoint]:
    if review is None:
        return {}
    rows = session.scalars(select(ReviewPoint).where(ReviewPoint.review_id == review.id))
    return {row.point: row for row in rows}


def _findings(
    session: Session,
    draft_id: int,
    submission: Submission,
    documents: Sequence[DocumentView],
    hiding: Hiding,
) -> tuple[FindingRow, ...]:
    """Return what was found about the submission, without what would tell a hidden name."""
    if hiding.draft:
        return ()
    rows = session.scalars(select(FindingRow).where(FindingRow.draft_id == draft_id).order_by(FindingRow.id))
    if not hiding.name:
        return tuple(rows)
    names = [submission.name, submission.office, submission.office_key, *(one.row.file for one in documents)]
    return tuple(
        row for row in rows if not tells_name(row.kind, f"{row.message_th}{row.message_en}{row.quote}", names)
    )


def _flow_run(session: Session, draft: DraftRow) -> str | None:
    batch = session.get(Batch, draft.batch_id) if draft.batch_id else None
    return batch.flow_run if batch else None
