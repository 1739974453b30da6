from __future__ import annotations

import datetime as dt

import pytest

from models.retraining.labels import SAID, SILENT, TACIT, labelled_office, single_corrections
from models.retraining.reviewed_case import Mark, ReviewedCase, Shown
from models.retraining.simulated_reviewers import Errors, flipped
from models.retraining.splitting import split

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def case(offices, review) -> ReviewedCase:
    """A finished case without a single mark: all points decided, every passage silent."""
    made = review(offices[0])
    return made.model_copy(update={"readings": (made.readings[0].model_copy(update={"marks": ()}),)})


def with_marks(case: ReviewedCase, *marks: Mark, reader: str = "one", kind: str = "first") -> ReviewedCase:
    reading = case.readings[0].model_copy(update={"marks": marks, "reader": reader, "kind": kind})
    return case.model_copy(update={"readings": (reading,)})


def with_shown(case: ReviewedCase, place: int, *shown: Shown) -> ReviewedCase:
    passages = list(case.passages)
    passages[place] = passages[place].model_copy(update={"shown": shown})
    return case.model_copy(update={"passages": tuple(passages)})


def mark(case: ReviewedCase, place: int, point: int, verdict: str, role: str = "practice", **more) -> Mark:
    passage = case.passages[place]
    return Mark(
        point=point,
        document=passage.document,
        position=passage.position,
        verdict=verdict,
        role=role,
        at=NOW,
        **more,
    )


def row_at(rubric, case: ReviewedCase, place: int):
    passage = case.passages[place]
    office = labelled_office(rubric, case)
    assert office is not None
    return next(
        (row for row in office.rows if (row.document, row.position) == (passage.document, passage.position)),
        None,
    )


def test_a_perfect_reviewer_teaches_exactly_the_true_labels(rubric, offices, review):
    for office in offices:
        taught = labelled_office(rubric, review(office))
        assert [row.labels for row in taught.rows] == [
            tuple(sorted({one.point: one for one in row.labels}.values(), key=lambda one: one.point))
            for row in office.rows
        ]
        assert taught.points.keys() == office.points.keys()
        assert taught.score == office.score


def test_a_confirmed_passage_teaches_with_full_weight(rubric, case):
    shown = Shown(point=2, listed="evidence", role="practice", facets=("a",), detail=True, probability=0.8)
    row = row_at(rubric, with_marks(with_shown(case, 5, shown), mark(case, 5, 2, "good")), 5)
    assert row.weight == SAID
    assert (row.labels[0].point, row.labels[0].facets, row.labels[0].detail) == (2, ("a",), True)


def test_a_rejected_passage_teaches_that_it_is_none_with_full_weight(rubric, case):
    shown = Shown(point=2, listed="evidence", role="practice", probability=0.8)
    row = row_at(rubric, with_marks(with_shown(case, 5, shown), mark(case, 5, 2, "bad")), 5)
    assert (row.labels, row.weight) == ((), SAID)


def test_a_corrected_role_teaches_the_corrected_one(rubric, case):
    row = row_at(rubric, with_marks(case, mark(case, 5, 3, "changed", role="intent")), 5)
    assert [(one.point, one.role) for one in row.labels] == [(3, "intent")]


def test_silence_in_a_finished_review_is_a_weaker_no(rubric, case):
    row = row_at(rubric, case, 7)
    assert (row.labels, row.weight) == ((), SILENT)


def test_a_quote_left_standing_under_a_confirmed_point_is_a_weak_yes(rubric, offices, case):
    done = next(n for n, state in offices[0].points.items() if state.done)
    shown = Shown(point=done, listed="evidence", role="practice", probability=0.7)
    row = row_at(rubric, with_shown(case, 5, shown), 5)
    assert row.weight == TACIT
    assert row.labels[0].point == done


def test_readers_who_contradict_each_other_teach_nothing_about_that_passage(rubric, case):
    first = with_marks(case, mark(case, 5, 2, "good")).readings[0]
    second = with_marks(case, mark(case, 5, 2, "bad"), reader="two", kind="second").readings[0]
    assert row_at(rubric, case.model_copy(update={"readings": (first, second)}), 5) is None


def test_an_adjudicator_settles_what_readers_contradict(rubric, case):
    first = with_marks(case, mark(case, 5, 2, "good")).readings[0]
    second = with_marks(case, mark(case, 5, 2, "bad"), reader="two", kind="second").readings[0]
    third = with_marks(case, mark(case, 5, 2, "bad"), reader="three", kind="adjudication").readings[0]
    row = row_at(rubric, case.model_copy(update={"readings": (first, second, third)}), 5)
    assert (row.labels, row.weight) == ((), SAID)


def test_an_open_review_teaches_its_marks_and_nothing_of_its_silence(rubric, case):
    marked = with_marks(case, mark(case, 5, 2, "good"))
    reading = marked.readings[0].model_copy(update={"finished_at": None, "points": ()})
    open_case = marked.model_copy(update={"readings": (reading,)})
    assert labelled_office(rubric, open_case) is None
    assert [row.position for row in single_corrections(rubric, open_case)] == [case.passages[5].position]


def test_blind_cases_only_measure_and_so_does_the_rest_of_their_office(offices, review, rubric):
    cases = [review(office) for office in offices]
    reading = cases[0].readings[0].model_copy(update={"blind": True})
    cases[0] = cases[0].model_copy(update={"readings": (reading,)})
    cases[1] = cases[1].model_copy(update={"office_key": cases[0].office_key})
    parts = split(cases)
    held = {case.submission for case in parts.held}
    assert {cases[0].submission, cases[1].submission} <= held
    assert not held & {case.submission for case in parts.teaching}


def test_an_office_never_changes_sides(offices, review):
    cases = [review(office) for office in offices]
    before = {case.submission for case in split(cases[:5]).held}
    after = {case.submission for case in split(cases).held}
    assert before <= after
    assert not after & {case.submission for case in split(cases[:5]).teaching}


def test_erring_reviewers_flip_the_stated_share(rubric, offices):
    office = offices[0]
    seen = flipped(rubric, office, Errors(labels=0.3), seed=3)
    practice = [i for i, row in enumerate(office.rows) if any(one.role == "practice" for one in row.labels)]
    lost = [i for i in practice if not seen.rows[i].labels]
    invented = [i for i, row in enumerate(seen.rows) if row.labels and not office.rows[i].labels]
    assert len(lost) == len(invented) == round(0.3 * len(practice))
