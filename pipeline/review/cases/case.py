"""A case as its page shows it: one submission with its draft, its documents, and one reader's review."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.deliveries.since_last import Changes, changes_of
from pipeline.review.cases.blind import case_names, hiding_of
from pipeline.review.cases.case_findings import CaseFindings, case_findings
from pipeline.review.cases.documents import DocumentView, documents_of
from pipeline.review.cases.news import new_first
from pipeline.review.cases.passages import PassageOrder, additions_of, order_of, passages_of
from pipeline.review.cases.points import PointView, points_of
from pipeline.review.cases.reader_role import ReaderRole, current_draft, reader_role_of
from pipeline.review.cases.what_would_change import what_would_change_of
from pipeline.review.decisions.act_values import possible_scores, score_of, told_scores
from pipeline.review.people.users import Person
from pipeline.review.talk.threads import Talk, talk_of
from pipeline.store.tables import Batch, DraftRow, Review, ReviewPoint, Submission
from rubric import Rubric
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class Counts:
    """How many points are decided as done (clear ones among them), as clear, and not yet: what the score follows from."""

    done: int
    clear: int
    open: int


@dataclass(frozen=True, slots=True)
class Case:
    """What the case page needs.

    Attributes:
        short, name: what the case is called: the office, or a number where its name is hidden.
        hidden: the draft is not shown: a blind case whose reader has not scored.
        nameless: the office's name is not shown: a blind case whose reader has not finished.
        read_only: this person may look but not decide.
        newer: number of a draft made after the one under review.
        what_would_change: what one facet more or less would do to the draft, told.
        passage_order: in which this person likes to see passages.
        changes: what came with this delivery, None of a first one and while the draft is hidden.
        talk: questions to colleagues that this person may read, and whom they may ask.
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
    findings: CaseFindings
    flow_run: str | None
    what_would_change: tuple[Bilingual, ...]
    passage_order: PassageOrder
    changes: Changes | None
    talk: Talk

    @property
    def states(self) -> dict[int, str | None]:
        """Point -> state decided so far."""
        return {point.number: point.state for point in self.points}

    @property
    def kind_of(self) -> dict[int, str]:
        """Document -> what it is: plan, report or other."""
        return {document.row.id: document.row.kind for document in self.documents}

    @property
    def index_of(self) -> dict[int, int]:
        """Point -> its place among the points: its key, its colour and its pattern."""
        return {point.number: point.index for point in self.points}

    @property
    def decided(self) -> int:
        """Number of points decided."""
        return sum(state is not None for state in self.states.values())

    @property
    def counts(self) -> Counts:
        """What the score follows from."""
        states = list(self.states.values())
        clear = states.count("clear")
        return Counts(clear + states.count("done"), clear, states.count(None))

    @property
    def score(self) -> int | None:
        """The score by the rubric's table, None while a point is undecided."""
        return score_of(self.rubric, self.states)

    @property
    def possible_scores(self) -> tuple[int, ...]:
        """The scores that are still possible, lowest first."""
        return possible_scores(self.rubric, self.states)

    @property
    def told_scores(self) -> str:
        """The same as they are shown."""
        return told_scores(self.possible_scores)

    @property
    def unsure(self) -> tuple[int, ...]:
        """Points of whose level the draft is not very sure."""
        return tuple(p.number for p in self.points if p.drafted and p.drafted.sureness != "sure")

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
        passages = passages_of(session, draft.id, review_id, files, points, order_of(person.preferences))
    shows = not hiding.draft and (points is None or bool(points))
    changes = changes_of(session, draft) if shows else None
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
        points=points_of(
            session,
            rubric,
            draft.id,
            _decided(session, review),
            new_first(passages, changes),
            hidden=hiding.draft,
        ),
        findings=case_findings(session, draft.id, submission, documents, hiding),
        flow_run=_flow_run(session, draft),
        what_would_change=()
        if hiding.draft
        else what_would_change_of(session, rubric, draft.id, draft.score),
        passage_order=order_of(person.preferences),
        changes=changes,
        talk=talk_of(session, person, submission_id, blind=hiding.draft or hiding.name),
    )


def _decided(session: Session, review: Review | None) -> dict[int, ReviewPoint]:
    if review is None:
        return {}
    rows = session.scalars(select(ReviewPoint).where(ReviewPoint.review_id == review.id))
    return {row.point: row for row in rows}


def _flow_run(session: Session, draft: DraftRow) -> str | None:
    batch = session.get(Batch, draft.batch_id) if draft.batch_id else None
    return batch.flow_run if batch else None
