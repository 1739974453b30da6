from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.labelled import CORPUS, load_corpus, load_office
from models.registry.registry import (
    BUNDLED,
    add_model,
    champion_path,
    list_models,
    load_model,
    promote,
    promotions,
    rollback,
)
from models.retraining.champion import Rule
from models.retraining.simulated_reviewers import Errors, reviewed
from models.retraining.splitting import split
from models.training.train import train
from pipeline.learning import triggers
from pipeline.learning.retraining import CARD, Options, retrain
from pipeline.store.database import Store
from pipeline.store.tables import DraftPlace, ImportedCase, ModelRow, Training
from tests.pipeline.learning.test_collecting import submit

BASE = ("a01", "b01")
REVIEWED = ("c01", "c02", "c03", "h01", "h02", "h03", "t01", "t02", "t03", "k01", "k02", "k03")
LENIENT = Rule(margin=0.3, reliability=0.5, offices=1, anchor=0.2)
"""For a handful of offices, whose intervals are wide."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name in BASE:
        shutil.copytree(CORPUS / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def first_home(tmp_path_factory, corpus, rubric) -> Path:
    """A home whose champion learnt two offices."""
    home = tmp_path_factory.mktemp("home")
    trained = train(rubric, load_corpus([corpus], rubric), folds=2)
    identity = trained.write(home / "made", {"offices": 2})
    add_model(home / "made", home)
    promote(identity, home, "first")
    return home


@pytest.fixture
def home(first_home, tmp_path) -> Path:
    shutil.copytree(first_home, tmp_path / "home")
    return tmp_path / "home"


def fill(store: Store, rubric, errors: Errors, names=REVIEWED) -> list:
    cases = [
        reviewed(rubric, load_office(CORPUS / name, rubric), errors, 1, number=at)
        for at, name in enumerate(names)
    ]
    with store.transaction() as session:
        for case in cases:
            session.add(ImportedCase(key=case.key, submission=case.submission, content=case.as_line()))
    return cases


def run(home: Path, corpus: Path, rubric, rule: Rule = LENIENT):
    store = Store.at(home)
    with store.reading() as session:
        training = triggers.ask(store, triggers.due_by_hand(session))
    outcome = retrain(store, home, rubric, training, Options((corpus,), rule, quick=True))
    with store.reading() as session:
        return outcome, session.get_one(Training, training)


def test_a_better_model_is_promoted_and_rollback_restores_the_former_bit_for_bit(home, corpus, rubric):
    store = Store.at(home)
    cases = fill(store, rubric, Errors())
    with store.transaction() as session:
        submit(session, "waits", rubric, None, decided=False)
    passages = [row.passage for row in load_office(CORPUS / "n01", rubric).rows]
    before_id = load_model(None, home, quick=True).id
    before = repr(load_model(None, home, quick=True).predict(passages))
    outcome, training = run(home, corpus, rubric)
    assert outcome.state == training.state == "promoted"
    assert (
        outcome.comparison.pairs["evidence_f1"].challenger > outcome.comparison.pairs["evidence_f1"].champion
    )
    assert champion_path(home).name == outcome.model
    assert repr(load_model(None, home, quick=True).predict(passages)) != before
    with store.reading() as session:
        (place,) = session.query(DraftPlace).all()
    assert (place.number, place.reason) == (0, "gain"), "the order of work was made anew"
    assert place.model == load_model(None, home, quick=True).id and place.unknown is not None
    card = json.loads((champion_path(home) / CARD).read_text("utf-8"))
    parts = split(cases)
    assert {one["office"] for one in card["offices"]} == {case.submission for case in parts.held}
    assert card["learnt_from"]["reviewed_offices"] == len(parts.teaching)
    rollback(home, "test")
    assert load_model(None, home, quick=True).id == before_id
    assert repr(load_model(None, home, quick=True).predict(passages)) == before


def test_after_forty_reviews_a_better_model_passes_the_rule_as_it_stands(home, corpus, rubric):
    names = [f"{author}{number:02}" for author in "cfhnqst" for number in range(1, 6)]
    parts = split(fill(Store.at(home), rubric, Errors(), [*names, "k01", "k02", "k03", "l01", "l02"]))
    assert len(parts.teaching) >= 25 and len(parts.held) >= Rule().offices
    outcome, _ = run(home, corpus, rubric, Rule())
    assert outcome.state == "promoted", [reason.en for reason in outcome.reasons]
    assert outcome.comparison.pairs["evidence_f1"].difference.low > 0


def test_spoilt_labels_are_not_promoted_and_the_card_says_why(home, corpus, rubric):
    store = Store.at(home)
    fill(store, rubric, Errors(labels=0.3, states=0.3))
    champion = champion_path(home)
    outcome, training = run(home, corpus, rubric, Rule(margin=0.3, reliability=0.5, offices=1, anchor=0.2))
    assert outcome.state == "kept_aside"
    assert champion_path(home) == champion
    with store.reading() as session:
        row = session.get_one(ModelRow, outcome.model)
        assert row.state == "kept_aside"
        assert any("contradict" in reason["en"] for reason in row.card["reasons"])
    assert "ขัดกับข้อความ" in training.report["reason"]["th"]


def test_too_few_reviews_leave_everything_as_it_is(home, corpus, rubric):
    fill(Store.at(home), rubric, Errors(), REVIEWED[:2])
    before = list_models(home)
    outcome, training = run(home, corpus, rubric)
    assert (outcome.state, outcome.model) == ("kept_aside", None)
    assert list_models(home) == before
    assert "at least" in training.report["reason"]["en"]


@pytest.mark.parametrize("step", ["train", "compare", "keep", "promote"])
def test_kill_9_at_any_step_leaves_the_champion_in_place_and_the_next_training_starts(
    step, home, corpus, rubric
):
    fill(Store.at(home), rubric, Errors(), ("c01", "h01", "t01", "k01", "c03"))
    champion = champion_path(home)
    killed = subprocess.run(
        [sys.executable, "-m", "tests.pipeline.learning.killed_training", str(home), str(corpus), step],
        timeout=240,
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert champion_path(home) == champion
    load_model(None, home, quick=True)
    assert not [
        path for path in (home / "models").iterdir() if path.is_dir() and not (path / "model.json").exists()
    ]
    store = Store.at(home)
    again = triggers.ask(store, triggers.Due("hand:again", "hand", 0))
    assert triggers.begin(store, again)


def test_a_promotion_line_torn_by_a_power_cut_does_not_count(home):
    champion = champion_path(home)
    with (home / "models" / "promotions.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"at": "2026-11-22T00:00:00+00:00", "model": "esa-25')
    assert champion_path(home) == champion
    promote("bundled", home, "after")
    assert champion_path(home) == BUNDLED
    assert len(promotions(home)) == 2
