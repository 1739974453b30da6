"""Drafts in and out of the database: written once in one transaction, read back as the very same draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from pipeline.drafts import Attention, DocumentOutcome, Draft, Evidence, Finding, PointDraft, Sentence
from pipeline.findings.finding_keys import identity_of
from pipeline.store.findings import acts_of, finding_of, remember
from pipeline.store.tables import (
    Base,
    Delivery,
    Document,
    DraftPlace,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    FindingRow,
    Submission,
)

LISTS = {"evidence": "evidence", "near_miss": "nearest_misses", "contradicts": "contradicted_by"}


def find_draft(
    session: Session, submission_id: int, files_key: str, versions: tuple[str, str, str]
) -> DraftRow | None:
    """Return the draft that rests on these files and ``(rubric, model, reader)``, None where there is none."""
    rubric, model, reader = versions
    return session.scalar(
        select(DraftRow).where(
            DraftRow.submission_id == submission_id,
            DraftRow.files_key == files_key,
            DraftRow.rubric == rubric,
            DraftRow.model == model,
            DraftRow.reader == reader,
        )
    )


def save_draft(
    session: Session, draft: Draft, delivery: Delivery, *, batch_id: int | None = None, seconds: float = 0.0
) -> DraftRow:
    """Store a draft with all that hangs on it and make it the current one of its submission.

    Raises:
        sqlalchemy.exc.IntegrityError: the same draft was stored in the meantime by another run.
    """
    last = session.scalar(
        select(func.max(DraftRow.number)).where(DraftRow.submission_id == delivery.submission_id)
    )
    row = DraftRow(
        submission_id=delivery.submission_id,
        delivery_id=delivery.id,
        batch_id=batch_id,
        files_key=delivery.files_key,
        rubric=draft.rubric,
        model=draft.model,
        reader=draft.reader,
        number=(last or 0) + 1,
        office=draft.office,
        province=draft.province,
        fiscal_year=draft.fiscal_year,
        score=draft.score,
        score_of_points=draft.score_of_points,
        score_probabilities=draft.score_probabilities,
        abstained=draft.abstained,
        attention=[one.model_dump(mode="json") for one in draft.attention],
        confidence=draft.score_probabilities.get(str(draft.score), 0.0),
        needs=len(draft.attention),
        seconds=seconds,
    )
    session.add(row)
    session.flush()
    documents = {document.file: document.id for document in delivery.documents}
    session.add_all(_point(row.id, point) for point in draft.points)
    if evidence := [one for point in draft.points for one in _evidence(row.id, point, documents)]:
        session.execute(insert(Base.metadata.tables["evidence"]), evidence)
    add_findings(session, row, draft.submission, draft.findings)
    make_current(session, row)
    return row


def make_current(session: Session, row: DraftRow) -> None:
    """Make this the draft that the queue shows; a submission in review keeps its state, a waiting one its place.

    What kept the submission from being fetched in the meantime is over, and is no longer told.
    """
    _keep_place(session, row)
    session.execute(
        update(DraftRow)
        .where(DraftRow.submission_id == row.submission_id, DraftRow.id != row.id, DraftRow.current)
        .values(current=False)
    )
    row.current = True
    submission = session.get_one(Submission, row.submission_id)
    if submission.state in {"received", "failed"}:
        submission.state = "draft"
    session.get_one(Delivery, row.delivery_id).failure = None
    never_fetched = select(Delivery).where(
        Delivery.submission_id == row.submission_id, Delivery.files_key == ""
    )
    for delivery in session.scalars(never_fetched):
        delivery.failure = None
    session.flush()


def _keep_place(session: Session, row: DraftRow) -> None:
    """Put a draft where the one before it stands in the order of work, until that order is made anew."""
    before = session.scalar(
        select(DraftPlace)
        .join(DraftRow, DraftRow.id == DraftPlace.draft_id)
        .where(DraftRow.submission_id == row.submission_id, DraftRow.id != row.id, DraftRow.current)
    )
    if before is None:
        return
    place = session.get(DraftPlace, row.id) or DraftPlace(draft_id=row.id)
    place.number, place.reason = before.number, before.reason
    place.errors, place.minutes = before.errors, before.minutes
    session.add(place)


def add_findings(
    session: Session, draft: DraftRow, submission: str, findings: Iterable[Finding], scope: str = "submission"
) -> None:
    """Add findings to a draft, each with what it is known by."""
    documents = documents_of(session, draft.delivery_id)
    numbers = {document.file: document.id for document in documents}
    shas = {document.file: document.sha256 for document in documents}
    rows = []
    for finding in findings:
        identity = identity_of(submission, finding, shas)
        row = FindingRow(
            draft_id=draft.id,
            kind=finding.kind,
            scope=scope,
            document_id=numbers.get(finding.document or ""),
            page=finding.page,
            message_th=finding.message,
            message_en=finding.message_en,
            quote=finding.quote,
            key=identity.key,
            stem=identity.stem,
            content=identity.content,
            certainty=finding.certainty,
            point=finding.point,
            subject=finding.subject,
            other=finding.other.model_dump(mode="json") if finding.other else None,
        )
        session.add(row)
        session.flush()  # keeps their order in their numbers
        rows.append(row)
    if rows:
        remember(session, draft.submission_id, draft.id, rows)


def replace_batch_findings(session: Session, draft_id: int, findings: Iterable[Finding]) -> None:
    """Put what was found by comparing offices in place of what the last comparison found; what was found stays known."""
    session.execute(delete(FindingRow).where(FindingRow.draft_id == draft_id, FindingRow.scope == "batch"))
    draft = session.get_one(DraftRow, draft_id)
    name = session.get_one(Submission, draft.submission_id).name
    add_findings(session, draft, name, findings, scope="batch")


def load_drafts(session: Session, submission: str | None = None) -> list[Draft]:
    """Return the current drafts, sorted by submission; only that of ``submission`` where one is named."""
    query = select(DraftRow, Submission.name).join(Submission).where(DraftRow.current)
    if submission is not None:
        query = query.where(Submission.name == submission)
    return [load_draft(session, row, name) for row, name in session.execute(query.order_by(Submission.name))]


def load_draft(session: Session, row: DraftRow, name: str) -> Draft:
    """Return the draft of a row as it was stored, with the findings of the newest comparison."""
    documents = documents_of(session, row.delivery_id)
    files = {document.id: document.file for document in documents}
    acts = acts_of(session, [row.submission_id]).get(row.submission_id)
    return Draft(
        submission=name,
        office=row.office,
        province=row.province,
        fiscal_year=row.fiscal_year,
        score=row.score,
        score_of_points=row.score_of_points,
        score_probabilities=dict(sorted(row.score_probabilities.items())),
        abstained=row.abstained,
        needs_attention=tuple(one["message"]["th"] for one in row.attention),
        attention=tuple(Attention.model_validate(one) for one in row.attention),
        documents=tuple(DocumentOutcome.model_validate(document.outcome) for document in documents),
        findings=tuple(finding_of(one, name, documents, acts) for one in row.findings),
        points=tuple(_point_of(one, row, files) for one in row.points),
        rubric=row.rubric,
        model=row.model,
        reader=row.reader,
    )


def documents_of(session: Session, delivery_id: int) -> Sequence[Document]:
    """Return the documents of a delivery, in order."""
    query = select(Document).where(Document.delivery_id == delivery_id).order_by(Document.position)
    return session.scalars(query).all()


def _point(draft_id: int, point: PointDraft) -> DraftPointRow:
    return DraftPointRow(
        draft_id=draft_id,
        point=point.point,
        done=point.done,
        done_probability=point.done_probability,
        clear=point.clear,
        clear_probability=point.clear_probability,
        missing_facets=list(point.missing_facets),
        unsupported_detail=list(point.unsupported_detail),
        facet_probabilities=point.facet_probabilities,
        reason=point.reason.model_dump() if point.reason else None,
    )


def _evidence(draft_id: int, point: PointDraft, documents: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "draft_id": draft_id,
            "document_id": documents[one.document],
            "point": point.point,
            "rank": rank,
            "listed": listed,
            **one.model_dump(mode="json", exclude={"document"}),
        }
        for listed, key in LISTS.items()
        for rank, one in enumerate(getattr(point, key))
    ]


def _point_of(row: DraftPointRow, draft: DraftRow, files: Mapping[int, str]) -> PointDraft:
    lists = {
        key: tuple(
            _evidence_of(one, files)
            for one in draft.evidence
            if one.point == row.point and one.listed == listed
        )
        for listed, key in LISTS.items()
    }
    return PointDraft(
        point=row.point,
        done=row.done,
        done_probability=row.done_probability,
        clear=row.clear,
        clear_probability=row.clear_probability,
        missing_facets=tuple(row.missing_facets),
        unsupported_detail=tuple(row.unsupported_detail),
        facet_probabilities=dict(sorted(row.facet_probabilities.items())),
        reason=Sentence.model_validate(row.reason) if row.reason else None,
        **lists,
    )


def _evidence_of(row: EvidenceRow, files: Mapping[int, str]) -> Evidence:
    return Evidence.model_validate(
        {
            **{key: getattr(row, key) for key in Evidence.model_fields if key != "document"},
            "document": files[row.document_id],
        }
    )
