"""Screening goes on while a model is trained: at each step of a training a submission is drafted, on either database."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.labelled import CORPUS, load_office
from models.retraining import challenger
from models.retraining.simulated_reviewers import reviewed
from pipeline.batches import batch, worker
from pipeline.batches.worker import Setup
from pipeline.intake.inbox import Inbox
from pipeline.learning import triggers
from pipeline.learning.retraining import Options, retrain
from pipeline.screening.drafting import Versions
from pipeline.store.database import Store
from pipeline.store.tables import DraftRow, ImportedCase, Training
from tests import inboxes
from tests.pipeline.batches.test_batch import Here, Plain

PATIENCE = 300.0
"""Seconds after which a submission that is still not drafted counts as blocked."""


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of each kind."""
    with contextlib.closing(Store(store_url)) as opened:
        yield opened


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("a01", "b01"):
        shutil.copytree(CORPUS / name, tmp_path / "corpus" / name)
    return tmp_path / "corpus"


def test_a_submission_is_drafted_at_each_step_of_a_training(
    store: Store, rubric, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "load_model", lambda *args, **given: Plain())
    monkeypatch.setattr(batch, "ProcessPool", Here)
    monkeypatch.setattr(challenger, "FOLDS", 2)  # quicker; what it learns does not matter here
    home, inbox = tmp_path / "home", tmp_path / "inbox"
    inbox.mkdir()
    url = store.url.render_as_string(hide_password=False)
    drafted: dict[str, tuple[str, str]] = {}

    def screen(step: str) -> None:
        """In a thread with connections of its own, as another process would have."""
        other = Store(url, migrate=False)
        monkeypatch.setattr(worker, "Store", lambda *args, **given: other)
        try:
            name = f"s{len(drafted) + 1:02}"
            inboxes.submission(inbox, name)
            setup = Setup(home, url, "esa-2560-1.1", "", Versions(rubric.name, "m1", "1"))
            run = batch.BatchRun(Inbox(str(inbox)), other, home, setup, 1)
            item = run.screen(name)
            run.finish()
            with other.reading() as session:
                state = session.scalars(select(Training.state)).one()
            drafted[step] = item.outcome, state
        finally:
            other.close()

    def on_step(step: str) -> None:
        thread = threading.Thread(target=screen, args=(step,), daemon=True)
        thread.start()
        thread.join(PATIENCE)
        assert not thread.is_alive(), f"screening waits for the training at step {step}"

    with store.transaction() as session:
        for number, name in enumerate(("c01", "h01", "t01", "k01")):
            case = reviewed(rubric, load_office(CORPUS / name, rubric), number=number)
            session.add(ImportedCase(key=case.key, submission=case.submission, content=case.as_line()))
    training = triggers.ask(store, triggers.Due("hand:1", "hand", 4))
    assert training is not None
    outcome = retrain(store, home, rubric, training, Options((corpus,), quick=True), on_step)
    assert outcome.state in ("promoted", "kept_aside")
    busy = {step: told for step, told in drafted.items() if step != "done"}
    assert set(busy) >= {"collect", "train", "compare", "keep"}
    assert set(busy.values()) == {("drafted", "running")}
    with store.reading() as session:
        assert len(session.scalars(select(DraftRow.id)).all()) == len(drafted)
