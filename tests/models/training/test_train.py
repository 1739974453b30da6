"""Training: whole authors are held out, the result is the same each time, and it reads text it never saw."""

import numpy as np
import pytest

from models.columns import Columns, targets_of
from models.labelled import CORPUS, LabelledOffice, LabelledPassage, load_office
from models.out_of_fold import folds_of
from models.passages import ROLES, Passage
from models.registry.registry import load_model
from models.scoring.words import WordsModel
from models.training.train import Trained, card_of, corpus_hash, train
from rubric import Rubric
from rubric.exceptions import CorpusError


def test_folds_part_no_author_and_are_of_like_size(offices: list[LabelledOffice]) -> None:
    rows = [row for office in offices for row in office.rows]
    fold = folds_of(rows, 3)
    for author in {row.author for row in rows}:
        assert len({f for f, row in zip(fold, rows, strict=True) if row.author == author}) == 1
    assert len(set(fold)) == 3


def test_with_fewer_authors_than_folds_offices_are_parted(offices: list[LabelledOffice]) -> None:
    rows = [row for office in offices[:2] for row in office.rows]
    fold = folds_of(rows, 2)
    assert len(set(fold)) == 2


def test_more_folds_than_offices_leave_folds_empty(offices: list[LabelledOffice]) -> None:
    rows = [row for office in offices[:2] for row in office.rows]
    assert set(folds_of(rows, 5)) == {0, 1}
    assert set(folds_of(offices[0].rows, 5)) == {0}


def test_targets_know_facets_and_detail_of_practice_only(
    rubric: Rubric, offices: list[LabelledOffice]
) -> None:
    columns = Columns.of(rubric)
    rows = offices[0].rows
    targets = targets_of(rows, columns)
    for index, row in enumerate(rows):
        practised = {label.point for label in row.labels if label.role == "practice"}
        for place, (point, _) in enumerate(columns.facets):
            assert targets.known[index, columns.facet.start + place] == (point in practised)
        assert targets.known[index, columns.detail] == bool(practised)


def test_a_whole_facet_shows_its_parts_and_a_part_never_the_whole(rubric: Rubric) -> None:
    from models.labelled import Label

    columns = Columns.of(rubric)
    rows = [
        LabelledPassage(Passage("ก"), (Label(2, "practice", ("b",)),), "x", "x"),
        LabelledPassage(Passage("ข"), (Label(2, "practice", ("b:วิชาการ",)),), "x", "x"),
    ]
    values = targets_of(rows, columns).values
    place = {key: column for column, key in columns.facets_of(2)}
    assert values[0, place["b:งบประมาณ"]] == values[0, place["b"]] == 1
    assert values[1, place["b"]] == 0 and values[1, place["b:วิชาการ"]] == 1


def test_training_is_deterministic(rubric: Rubric, offices: list[LabelledOffice]) -> None:
    rows = [row for office in offices[:2] for row in office.rows]
    one, other = WordsModel.train(rubric, rows), WordsModel.train(rubric, rows)
    assert np.array_equal(one.heads.weights, other.heads.weights)
    assert one.words() == other.words()


def test_scores_are_probabilities(trained: Trained, offices: list[LabelledOffice]) -> None:
    scores = trained.words.scores([row.passage for row in offices[0].rows])
    columns = trained.words.columns
    assert ((scores >= 0) & (scores <= 1)).all()
    assert scores[:, columns.roles].sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert columns.roles.stop - columns.roles.start == len(ROLES)


def test_too_little_to_learn_from_is_told(rubric: Rubric, offices: list[LabelledOffice]) -> None:
    with pytest.raises(CorpusError):
        train(rubric, offices[:1])


def test_the_card_tells_data_figures_and_weaknesses(trained: Trained, offices: list[LabelledOffice]) -> None:
    import datetime as dt

    card = card_of(trained, "test", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), rounds=20)
    text = card.as_markdown()
    assert card.data["offices"] == 6
    assert card.data["hash"] == corpus_hash(offices)
    assert card.evaluations["quick"].figures["evidence_f1"].value > 0.35
    assert "Known weaknesses" in text and "evidence_recall" in text and "hash" in text


TENSES = [
    ("ผอ.เขตประชุมติดตามเป้าหมายกับหัวหน้ากลุ่มทุกวันจันทร์ รวม 11 ครั้ง", "จะประชุมติดตามเป้าหมายกับหัวหน้ากลุ่มทุกวันจันทร์", 1),
    (
        "เผยแพร่ข่าวทางเพจ Facebook ของเขต 214 ข่าว มีผู้ติดตาม 9,862 ราย",
        "จะเผยแพร่ข่าวทางเพจ Facebook ให้มีผู้ติดตาม 9,000 ราย",
        5,
    ),
    ("นำเสนอรายงานผลการดำเนินงานต่อ ก.ต.ป.น. เมื่อ 12 พฤษภาคม 2565", "จะนำเสนอรายงานผลการดำเนินงานต่อ ก.ต.ป.น.", 6),
]


@pytest.mark.parametrize(
    ("done", "planned", "point"), TENSES, ids=["leadership", "public relations", "reporting"]
)
def test_the_bundled_model_tells_done_from_planned(done: str, planned: str, point: int) -> None:
    model = load_model(quick=True)
    one, other = model.predict(
        [Passage(done, document_kind="report"), Passage(planned, document_kind="plan")]
    )
    assert one.practice[point] > 0.5 > other.practice[point]
    assert max(other.roles, key=lambda role: other.roles[role]) == "intent"
    assert any(hit.point == point for hit in one.hits)


def test_the_bundled_model_leaves_neutral_text_alone(rubric: Rubric) -> None:
    office = load_office(CORPUS / "q01", rubric)
    silent = [row.passage for row in office.rows if not row.labels]
    model = load_model(quick=True)
    flagged = [max(p.practice.values()) > 0.5 for p in model.predict(silent)]
    assert sum(flagged) <= 0.05 * len(flagged)
