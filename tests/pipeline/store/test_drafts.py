"""Drafts in and out: what goes in comes out the same, once, and older ones stay."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from pipeline.blocks import HiddenText
from pipeline.drafts import Draft, Finding
from pipeline.findings.finding_keys import keyed
from pipeline.findings.likeness.fingerprints import fingerprint
from pipeline.store import drafts, readings, submissions
from pipeline.store.database import Store
from pipeline.store.tables import Decision, DraftRow, FindingRow, Review, Submission, User
from tests import examples


def as_kept(draft: Draft) -> Draft:
    """The draft as the store gives it back: its findings have keys."""
    files = {one.file: one.sha256 for one in draft.documents}
    found = tuple(keyed(draft.submission, one, files) for one in draft.findings)
    return draft.model_copy(update={"findings": found})


def save(session: Session, draft: Draft, files_key: str = "k1") -> DraftRow:
    made = examples.reading(["ก" * 80, "ข"])
    number = readings.save_reading(session, made, draft.reader, 0.1, b"")
    filed = [
        submissions.Filed(outcome, 10, "declared", number if outcome.read_by != "failed" else None)
        for outcome in draft.documents
    ]
    intake = submissions.Intake(draft.submission, "inbox", files_key, office=draft.office)
    delivery = submissions.record_delivery(session, intake, filed)
    return drafts.save_draft(session, draft, delivery)


def test_a_draft_comes_back_as_it_went_in(store: Store) -> None:
    draft = as_kept(examples.draft())
    with store.transaction() as session:
        save(session, draft)
    with store.reading() as session:
        assert drafts.load_drafts(session) == [draft]
        assert drafts.load_drafts(session, "s01") == [draft]
        assert drafts.load_drafts(session, "other") == []


def test_the_same_draft_cannot_be_stored_twice(store: Store) -> None:
    with store.transaction() as session:
        save(session, examples.draft())
    with pytest.raises(IntegrityError), store.transaction() as session:
        save(session, examples.draft())
    with store.reading() as session:
        assert len(session.scalars(select(DraftRow)).all()) == 1


@pytest.mark.parametrize("change", ["model", "rubric", "reader", "files"])
def test_a_new_version_makes_a_new_current_draft_and_keeps_the_old(store: Store, change: str) -> None:
    first = as_kept(examples.draft())
    second = first if change == "files" else first.model_copy(update={change: "newer"})
    with store.transaction() as session:
        save(session, first)
    with store.transaction() as session:
        save(session, second, "k2" if change == "files" else "k1")
    with store.reading() as session:
        assert drafts.load_drafts(session) == [second]
        rows = session.scalars(select(DraftRow).order_by(DraftRow.number)).all()
        assert [(row.number, row.current) for row in rows] == [(1, False), (2, True)]
        assert drafts.load_draft(session, rows[0], "s01") == first


def test_going_back_to_a_former_model_makes_its_draft_current_again(store: Store) -> None:
    with store.transaction() as session:
        old = save(session, examples.draft())
        save(session, examples.draft(model="m2"))
        drafts.make_current(session, old)
    with store.reading() as session:
        assert [draft.model for draft in drafts.load_drafts(session)] == ["m1"]


def test_a_draft_does_not_undo_a_review(store: Store) -> None:
    with store.transaction() as session:
        save(session, examples.draft())
        session.scalars(select(Submission)).one().state = "confirmed"
    with store.transaction() as session:
        save(session, examples.draft(model="m2"))
    with store.reading() as session:
        assert session.scalars(select(Submission)).one().state == "confirmed"


def test_findings_of_a_comparison_are_replaced_not_piled_up(store: Store) -> None:
    copied = Finding(kind="copied_text", message="เหมือน", message_en="Same.", document="report.pdf", page=1)
    with store.transaction() as session:
        number = save(session, examples.draft()).id
    for found in ([copied, copied], [copied]):
        with store.transaction() as session:
            drafts.replace_batch_findings(session, number, found)
    with store.reading() as session:
        kinds = [row.kind for row in session.scalars(select(FindingRow).order_by(FindingRow.id))]
        assert kinds == ["missing_document", "unreadable", "copied_text"]
        kept = drafts.load_drafts(session)[0].findings[-1]
        assert kept.key and kept.model_copy(update={"key": ""}) == copied


def test_decisions_can_be_added_and_never_changed(store: Store) -> None:
    with store.transaction() as session:
        row = save(session, examples.draft())
        user = User(name="somchai", role="reviewer")
        session.add(user)
        session.flush()
        review = Review(submission_id=row.submission_id, draft_id=row.id, user_id=user.id)
        session.add(review)
        session.flush()
        session.add(
            Decision(
                review_id=review.id,
                submission_id=row.submission_id,
                draft_id=row.id,
                user_id=user.id,
                version=1,
                kind="point",
                target="point:1",
                before=None,
                after={"state": "clear"},
            )
        )
    for statement in ("UPDATE decisions SET seconds = 9", "DELETE FROM decisions"):
        with pytest.raises(DBAPIError, match="append-only"), store.transaction() as session:
            session.connection().exec_driver_sql(statement)
    with store.reading() as session:
        decision = session.scalars(select(Decision)).one()
        assert (decision.before, decision.after, decision.seconds) == (None, {"state": "clear"}, 0.0)


def test_a_reading_comes_back_as_it_went_in_and_is_kept_once(store: Store) -> None:
    made = examples.reading(
        ["ประชุม", "| ก | ข |"], links=("https://example.org",), hidden=(HiddenText(1, "ก", "white"),)
    )
    with store.transaction() as session:
        first = readings.save_reading(session, made, "1", 2.0, b"xy")
        assert readings.save_reading(session, made, "1", 3.0, b"xy") == first
        assert readings.save_reading(session, made, "2", 3.0, b"xy") != first
    with store.reading() as session:
        assert readings.load_reading(session, made.sha256, "1", made.file) == made
        assert readings.load_reading(session, made.sha256, "3", made.file) is None
        assert readings.fingerprints_of(session, first) == fingerprint(
            made.blocks
        )  # those were of an earlier version
