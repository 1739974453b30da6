"""Results out of the store: a few hundred submissions at a time, one statement for each kind of thing.

Whoever writes them gets them one by one and keeps none, so that ten thousand take no more memory than a few hundred.
All come from one read-only view of the store: what people decide meanwhile is in the next export, never in half of this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from pipeline.export.request import Request
from pipeline.export.results import (
    DocumentResult,
    FindingResult,
    Passage,
    PointResult,
    ReadingResult,
    ReviewKind,
    SubmissionResult,
)
from pipeline.store.findings import acts_of, finding_of
from pipeline.store.tables import (
    Delivery,
    Document,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    FindingRow,
    Review,
    ReviewEvidence,
    ReviewPoint,
    Submission,
    User,
)
from rubric.scoring import PointState, state_of

AT_ONCE = 250
PASSAGES = 30
"""Passages of a point that are written at most, best first."""
Rows = dict[int, list[Any]]


def results(session: Session, request: Request, passages: int = PASSAGES) -> Iterator[SubmissionResult]:
    """Give the asked results by name of submission.

    Raises:
        NotFoundError: the named submission or batch does not exist.
    """
    wanted = request.submissions(session)
    people = session.execute(select(User.id, User.display_name, User.name))
    shown = {user: display or name for user, display, name in people}
    for start in range(0, len(wanted), AT_ONCE):
        chunk = wanted[start : start + AT_ONCE]
        for one in _chunk(session, chunk, shown, passages):
            if one.decided_by is not None or not request.decided:
                yield one
        session.expunge_all()
        request.progress(start + len(chunk), len(wanted))


def results_of(session: Session, submissions: Sequence[int], passages: int = 0) -> list[SubmissionResult]:
    """Return the results of these submissions that have a draft, in their order; for a page of them."""
    people = session.execute(select(User.id, User.display_name, User.name))
    shown = {user: display or name for user, display, name in people}
    return list(_chunk(session, submissions, shown, passages))


def _chunk(
    session: Session, submissions: Sequence[int], names: dict[int, str], passages: int
) -> Iterator[SubmissionResult]:
    drafts = drafts_of(session, submissions)
    ids = [draft.id for draft in drafts]
    deliveries = [draft.delivery_id for draft in drafts]
    found = _Found(session, ids, deliveries, names, passages, submissions)
    about = {one.id: one for one in session.scalars(select(Submission).where(Submission.id.in_(submissions)))}
    number = {
        one.id: one for one in session.scalars(select(Delivery).where(Delivery.id.in_(set(deliveries))))
    }
    for draft in drafts:
        yield found.result(about[draft.submission_id], number[draft.delivery_id], draft)


def drafts_of(session: Session, submissions: Sequence[int]) -> list[DraftRow]:
    """Return of each submission the newest draft that stands by a finished review, else the current one; by their order."""
    decided = (
        select(DraftRow)
        .join(Review, Review.draft_id == DraftRow.id)
        .where(
            Review.submission_id.in_(submissions),
            Review.finished_at.is_not(None),
            Review.kind.in_(("first", "adjudication")),
        )
        .order_by(DraftRow.number)
    )
    current = select(DraftRow).where(DraftRow.submission_id.in_(submissions), DraftRow.current)
    chosen = {draft.submission_id: draft for draft in session.scalars(current)}
    chosen |= {draft.submission_id: draft for draft in session.scalars(decided)}
    return [chosen[one] for one in submissions]


class _Found:
    """All that hangs on some drafts, by draft; reviews by draft, and their points and words by review."""

    def __init__(
        self,
        session: Session,
        drafts: list[int],
        deliveries: list[int],
        names: dict[int, str],
        most: int,
        submissions: Sequence[int],
    ) -> None:
        self.names = names
        rows = session.scalars(
            select(Document).where(Document.delivery_id.in_(deliveries)).order_by(Document.position)
        ).all()
        self.documents = _by(rows, "delivery_id")
        self.files = {row.id: row.file for row in rows}
        self.points = _by(_all(session, DraftPointRow, DraftPointRow.point, drafts), "draft_id")
        self.findings = _by(_all(session, FindingRow, FindingRow.id, drafts), "draft_id")
        self.acts = acts_of(session, submissions)
        self.reviews = _by(_all(session, Review, Review.id, drafts), "draft_id")
        self.evidence = _by(_evidence(session, drafts, most), "draft_id")
        reviews = [one.id for some in self.reviews.values() for one in some]
        self.read = _by(
            session.scalars(select(ReviewPoint).where(ReviewPoint.review_id.in_(reviews))), "review_id"
        )
        self.said = _by(
            session.scalars(
                select(ReviewEvidence)
                .where(ReviewEvidence.review_id.in_(reviews), ReviewEvidence.withdrawn.is_(False))
                .order_by(ReviewEvidence.id)
            ),
            "review_id",
        )

    def result(self, submission: Submission, delivery: Delivery, draft: DraftRow) -> SubmissionResult:
        reviews = self.reviews.get(draft.id, [])
        stands = deciding_review(reviews)
        finished = [one for one in reviews if one.finished_at is not None]
        return SubmissionResult(
            submission=submission.name,
            office=draft.office or submission.office,
            province=draft.province or submission.province,
            fiscal_year=draft.fiscal_year or submission.fiscal_year,
            round=submission.round,
            state=submission.state,
            rubric=draft.rubric,
            model=draft.model,
            delivery=delivery.number,
            received_at=delivery.received_at,
            draft_number=draft.number,
            drafted_at=draft.created_at,
            newer_draft=not draft.current,
            draft_score=draft.score,
            draft_confidence=draft.confidence,
            abstained=draft.abstained,
            final_score=stands.score if stands else None,
            decided_by=cast(ReviewKind, stands.kind) if stands else None,
            decided_at=stands.finished_at if stands else None,
            disputed=self._disputed(finished),
            reviewers=tuple(dict.fromkeys(self.names.get(one.user_id, "") for one in finished)),
            note=stands.note if stands else "",
            seconds=sum(one.seconds for one in reviews),
            points=tuple(self._point(row, draft, stands) for row in self.points.get(draft.id, [])),
            readings=tuple(self._reading(one) for one in reviews),
            findings=tuple(self._finding(one, submission, draft) for one in self.findings.get(draft.id, [])),
            documents=tuple(
                DocumentResult(
                    file=one.file, kind=one.kind, sha256=one.sha256, problem=one.outcome.get("problem")
                )
                for one in self.documents.get(draft.delivery_id, [])
            ),
        )

    def _disputed(self, finished: Sequence[Review]) -> bool:
        kinds = {one.kind: self._levels(one) for one in finished}
        return (
            "adjudication" not in kinds
            and {"first", "second"} <= set(kinds)
            and (kinds["first"] != kinds["second"])
        )

    def _levels(self, review: Review) -> dict[int, PointState | None]:
        rows = sorted(self.read.get(review.id, []), key=lambda row: cast(int, row.point))
        return {row.point: row.state for row in rows}

    def _point(self, row: DraftPointRow, draft: DraftRow, stands: Review | None) -> PointResult:
        read = {one.point: one for one in self.read.get(stands.id, [])} if stands else {}
        mine = read.get(row.point)
        said = [one for one in (self.said.get(stands.id, []) if stands else []) if one.point == row.point]
        shown = [one for one in self.evidence.get(draft.id, []) if one.point == row.point]
        return PointResult(
            point=row.point,
            drafted=state_of(row.done, row.clear),
            done_probability=row.done_probability,
            clear_probability=row.clear_probability,
            final=cast(PointState | None, mine.state) if mine else None,
            note=mine.note if mine else "",
            missing_facets=tuple(row.missing_facets),
            unsupported_detail=tuple(row.unsupported_detail),
            evidence=self._passages(shown, said),
            rejected=sum(one.verdict == "bad" for one in said),
        )

    def _passages(self, shown: Sequence[Row[Any]], said: Sequence[ReviewEvidence]) -> tuple[Passage, ...]:
        """What counts: what a reviewer added, and what the draft shows and nobody refused."""
        verdicts = {one.evidence_id: one for one in said if one.evidence_id is not None}
        mine = [
            self._passage(f"r{one.id}", one.document_id, one.page, one.quote, one.facets, by_reviewer=True)
            for one in said
            if one.verdict == "added" and one.role == "practice"
        ]
        for row in shown:
            verdict = verdicts.get(row.id)
            role = verdict.role if verdict and verdict.verdict == "changed" else row.role
            if role != "practice" or (verdict and verdict.verdict == "bad"):
                continue
            facets = verdict.facets if verdict and verdict.verdict == "changed" else row.facets
            said_by = verdict is not None
            mine.append(
                self._passage(f"d{row.id}", row.document_id, row.page, row.text, facets, by_reviewer=said_by)
            )
        return tuple(mine)

    def _passage(
        self,
        name: str,
        document: int,
        page: int | None,
        text: str,
        facets: Sequence[str],
        *,
        by_reviewer: bool,
    ) -> Passage:
        return Passage(
            id=name,
            document=self.files.get(document, ""),
            page=page,
            text=text,
            facets=tuple(facets),
            said_by="reviewer" if by_reviewer else "draft",
        )

    def _reading(self, review: Review) -> ReadingResult:
        return ReadingResult(
            kind=cast(ReviewKind, review.kind),
            reader=self.names.get(review.user_id, ""),
            blind=review.blind,
            state=review.state,
            levels=self._levels(review),
            score=review.score,
            note=review.note,
            notes={row.point: row.note for row in self.read.get(review.id, []) if row.note},
            seconds=review.seconds,
            opened_at=review.opened_at,
            finished_at=review.finished_at,
        )

    def _finding(self, row: FindingRow, submission: Submission, draft: DraftRow) -> FindingResult:
        acts = self.acts.get(submission.id)
        found = finding_of(row, submission.name, self.documents.get(draft.delivery_id, []), acts)
        act = acts.last(found.key) if acts and found.state == "dismissed" else None
        shown = found.model_dump(include=set(FindingResult.model_fields) - {"dismissed_for"})
        return FindingResult(**shown, dismissed_for=act.reason if act else "")


def deciding_review(reviews: Sequence[Review]) -> Review | None:
    """Return the reading that stands: the adjudication where it is finished, else the finished first one."""
    finished = {one.kind: one for one in reviews if one.finished_at is not None}
    return finished.get("adjudication") or finished.get("first")


def _by(rows: Any, key: str) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _all(session: Session, table: Any, order: Any, drafts: Sequence[int]) -> Any:
    return session.scalars(select(table).where(table.draft_id.in_(drafts)).order_by(order))


def _evidence(session: Session, drafts: Sequence[int], most: int) -> Any:
    """What the draft lists as evidence, without the boxes and keywords that no export of results needs."""
    table = EvidenceRow
    return session.execute(
        select(
            table.id,
            table.draft_id,
            table.document_id,
            table.point,
            table.page,
            table.text,
            table.role,
            table.facets,
        )
        .where(table.draft_id.in_(drafts), table.listed == "evidence", table.rank < most)
        .order_by(table.point, table.rank)
    )
