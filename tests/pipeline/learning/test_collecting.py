from __future__ import annotations

import datetime as dt

import pytest

from models.retraining.labels import labelled_office
from models.text.tokenizer import masked_words
from pipeline.learning.changes import changed_drafts
from pipeline.learning.collecting import collect_cases, sampled
from pipeline.learning.drift import drift_of
from pipeline.learning.exchange import all_cases, export_cases, import_cases
from pipeline.learning.forecast import came_true, forecast_batch, keep_forecast
from pipeline.learning.ordering.places import next_reviews, place_all
from pipeline.learning.ordering.unknown_words import count_unknown
from pipeline.learning.ordering.urgency import mark_urgent
from pipeline.learning.stopping import current_statement
from pipeline.store.database import Store
from pipeline.store.tables import (
    Batch,
    BlockRow,
    Decision,
    Delivery,
    Document,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    Reading,
    Review,
    ReviewEvidence,
    ReviewPoint,
    Submission,
    User,
)

AT = dt.datetime(2026, 10, 1, 3, 0, tzinfo=dt.UTC)
TEXTS = (
    "ผลการดำเนินงาน",
    "จัดประชุมชี้แจงนโยบาย 3 ครั้ง มีผู้เข้าร่วม 45 คน",
    "ที่อยู่สำนักงาน",
    "ระบบสารสนเทศปรับปรุงวันที่ 1 มีนาคม 2565",
)


def add(session, *rows):
    session.add_all(rows)
    session.flush()
    return rows[0]


def draft_of(session, submission, delivery, batch, rubric, number=1, model="m1", score=3) -> DraftRow:
    draft = add(
        session,
        DraftRow(
            submission_id=submission.id,
            delivery_id=delivery.id,
            batch_id=batch,
            files_key="f",
            rubric=rubric.name,
            model=model,
            reader="r",
            number=number,
            score=score,
            score_of_points=score,
            score_probabilities={str(score): 0.6},
            confidence=0.6,
        ),
    )
    for point in rubric.numbers:
        add(
            session,
            DraftPointRow(
                draft_id=draft.id,
                point=point,
                done=True,
                done_probability=0.9,
                clear=False,
                clear_probability=0.3,
            ),
        )
    return draft


def submit(session, name, rubric, batch, *, decided: bool):
    """A submission of one document with four blocks, drafted; reviewed to the end where asked."""
    reading = add(session, Reading(sha256=name.ljust(64, "0"), reader="r", pages=1, read_by="text"))
    for position, text in enumerate(TEXTS):
        add(session, BlockRow(reading_id=reading.id, position=position, page=1, type="paragraph", text=text))
    submission = add(
        session,
        Submission(name=name, office="สพป.ทดสอบ", office_key=name, state="changed" if decided else "draft"),
    )
    delivery = add(session, Delivery(submission_id=submission.id, number=1, files_key="f"))
    document = add(
        session,
        Document(
            delivery_id=delivery.id,
            position=0,
            file="report.docx",
            sha256=reading.sha256,
            kind="report",
            reading_id=reading.id,
            outcome={"read_by": "text"},
        ),
    )
    draft = draft_of(session, submission, delivery, batch, rubric)
    evidence = add(
        session,
        EvidenceRow(
            draft_id=draft.id,
            document_id=document.id,
            point=1,
            rank=0,
            block=1,
            text=TEXTS[1],
            role="practice",
            facets=["a"],
            detail=True,
            probability=0.9,
        ),
    )
    if decided:
        review(session, submission, draft, document, reading, evidence, rubric)
    return submission, delivery, draft


def review(session, submission, draft, document, reading, evidence, rubric):
    user = session.get(User, 1) or add(session, User(id=1, name="somchai", role="reviewer"))
    made = add(
        session,
        Review(
            submission_id=submission.id,
            draft_id=draft.id,
            user_id=user.id,
            state="changed",
            score=2,
            seconds=600,
            opened_at=AT,
            finished_at=AT + dt.timedelta(minutes=12),
        ),
    )
    for point in rubric.numbers:
        add(
            session,
            ReviewPoint(review_id=made.id, point=point, state="clear" if point == 2 else "done", seconds=90),
        )
    add(
        session,
        ReviewEvidence(
            review_id=made.id,
            point=1,
            evidence_id=evidence.id,
            document_id=document.id,
            block=1,
            verdict="good",
            role="practice",
        ),
        ReviewEvidence(
            review_id=made.id,
            point=2,
            document_id=document.id,
            reading_id=reading.id,
            block=3,
            quote_start=0,
            quote_end=10,
            verdict="added",
            role="practice",
            facets=["c"],
            detail=True,
        ),
        ReviewEvidence(
            review_id=made.id, point=3, document_id=document.id, block=2, verdict="added", withdrawn=True
        ),
        Decision(
            review_id=made.id,
            submission_id=submission.id,
            draft_id=draft.id,
            user_id=user.id,
            version=1,
            at=AT,
            kind="evidence",
            target=f"evidence:{evidence.id}",
            after={"verdict": "good"},
        ),
    )


@pytest.fixture
def filled(store: Store, rubric) -> Store:
    with store.transaction() as session:
        first = add(session, Batch(inbox="i", rubric="r", model="m", reader="r"))
        second = add(session, Batch(inbox="i", rubric="r", model="m", reader="r"))
        for number in range(12):
            submit(session, f"s{number:02}", rubric, first.id, decided=number < 4)
        for number in range(12, 24):
            submit(session, f"s{number:02}", rubric, second.id, decided=False)
    return store


def test_a_finished_review_becomes_a_case_with_who_and_when(filled, rubric):
    with filled.reading() as session:
        cases = collect_cases(session, rubric.id)
    assert [case.submission for case in cases] == ["s00", "s01", "s02", "s03"]
    reading = cases[0].readings[0]
    assert (reading.reader, reading.finished_at) == ("somchai", AT + dt.timedelta(minutes=12))
    good, added = reading.marks
    assert (good.verdict, good.at) == ("good", AT)
    assert (added.verdict, added.position, added.start, added.end) == ("added", 3, 0, 10)
    assert cases[0].passages[1].shown[0].probability == 0.9
    assert [one.text for one in cases[0].passages] == list(TEXTS)


def test_what_the_reader_said_is_what_is_taught_and_what_was_withdrawn_is_not(filled, rubric):
    with filled.reading() as session:
        office = labelled_office(rubric, collect_cases(session)[0])
    labels = {row.position: [(one.point, one.facets) for one in row.labels] for row in office.rows}
    assert labels == {0: [], 1: [(1, ("a",))], 2: [], 3: [(2, ("c",))]}
    assert office.points[2].clear and not office.points[1].clear


def test_another_store_takes_the_cases_in_and_this_store_knows_its_own(filled, rubric, tmp_path):
    with filled.reading() as session:
        own = all_cases(session, rubric.id)
        export_cases(own, tmp_path / "c.jsonl")
    with filled.transaction() as session:
        assert import_cases(session, tmp_path / "c.jsonl", rubric).known == 4
    other = Store.at(tmp_path / "other")
    with other.transaction() as session:
        assert import_cases(session, tmp_path / "c.jsonl", rubric).added == 4
    with other.reading() as session:
        assert all_cases(session, rubric.id) == own
    other.close()


def test_of_a_long_submission_all_that_was_touched_and_a_steady_sample_is_kept(filled):
    with filled.reading() as session:
        passages = collect_cases(session)[0].passages
    kept = sampled("s00", passages, {(0, 1)}, keep=1)
    assert len(kept) == 2
    assert passages[1] in kept
    assert kept == sampled("s00", passages, {(0, 1)}, keep=1)


def test_the_order_holds_all_undecided_cases_and_urgent_ones_first(filled):
    with filled.transaction() as session:
        mark_urgent(session, ["s20"])
    place_all(filled)
    with filled.reading() as session:
        places = next_reviews(session)
    assert len(places) == 20
    assert places[0].name == "s20"


def test_a_submission_in_words_new_to_the_model_is_reviewed_sooner_and_the_reason_is_given(filled):
    known = frozenset(word for text in TEXTS for word in masked_words(text))
    place_all(filled)
    with filled.reading() as session:
        assert {place.reason for place in next_reviews(session)} == {"gain", "audit"}
    with filled.transaction() as session:
        document = (
            session.query(Document).join(Delivery).join(Submission).filter(Submission.name == "s21").one()
        )
        for block in session.query(BlockRow).filter_by(reading_id=document.reading_id):
            block.text = "โฆษกรัฐบาลแถลงมติคณะรัฐมนตรี"
    count_unknown(filled, known, "m1")
    place_all(filled)
    with filled.reading() as session:
        places = next_reviews(session)
    first, *others = [
        place for place in places if place.reason != "audit"
    ]  # four are decided, so the lot's turn is first
    assert (first.name, first.reason) == ("s21", "new")
    assert {place.reason for place in others} == {"gain"}


def test_the_statement_counts_wrong_drafts_of_this_store(filled):
    with filled.reading() as session:
        said = current_statement(session)
    assert (said.drafts, said.undecided, said.known_wrong) == (24, 20, 4)
    assert said.at_most <= 20


def test_a_promise_is_kept_with_its_batch_and_held_against_what_came(filled):
    with filled.transaction() as session:
        promised = forecast_batch(session, 0.5, 1)
        keep_forecast(session, 1, promised)
        came = came_true(session, 1)
    assert (promised.points, promised.passing) == (72, 72)
    assert (came.checked, came.wrong) == (24, 4)
    assert came.hours == pytest.approx(24 * 90 / 3600)


def test_like_batches_do_not_ring_and_figures_are_counted(filled):
    with filled.reading() as session:
        found = drift_of(session, 2, vocabulary={"ผล"})
    figures = {one.name: one for one in found.figures}
    assert found.reference == (1,)
    assert (figures["score:3"].part, figures["score:3"].whole) == (12, 12)
    assert figures["override:2"].before == 1.0
    assert figures["new_words"].whole > 0
    assert found.alarms == ()


def test_a_new_draft_keeps_the_old_one_and_shows_what_changed(filled, rubric):
    with filled.transaction() as session:
        submission = session.query(Submission).filter_by(name="s05").one()
        delivery = submission.deliveries[0]
        old = session.query(DraftRow).filter_by(submission_id=submission.id).one()
        old.current = False
        draft_of(session, submission, delivery, 2, rubric, number=2, model="m2", score=4)
    with filled.reading() as session:
        (change,) = changed_drafts(session)
    assert (change.submission, change.models, change.score) == ("s05", ("m1", "m2"), (3, 4))
    assert sum(point.dropped for point in change.points) == 1
    assert "3 → 4" in change.told().en
