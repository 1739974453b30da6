"""``khetcheck next``, ``urgent`` and ``retrain --every`` as a lead uses them."""

import contextlib
import json
from pathlib import Path

from pipeline.learning import triggers
from pipeline.store.database import Store
from tests.flows.commands import run
from tests.pipeline.review.samples import store_case


def test_a_lead_steers_the_order_of_work_by_command(tmp_path: Path) -> None:
    with contextlib.closing(Store.at(tmp_path)) as store:
        for at in range(5):
            store_case(store, tmp_path, f"s{at}")
    home = ("--home", tmp_path, "--lang", "en")
    unplaced = run("next", *home)
    assert unplaced.returncode == 0 and unplaced.stdout.count("came since the order was made") == 5
    placed = run("next", "--refresh", *home).stdout.splitlines()
    assert "drawn by lot" in placed[4] and "likely to be corrected" in placed[0]

    assert "Nothing is marked" in run("urgent", *home).stdout
    last = placed[4].split()[1]
    assert run("urgent", last, *home).stdout.split() == [last]
    (first, *_) = json.loads(run("next", "--json", *home).stdout)
    assert (first["submission"], first["reason"]) == (last, "urgent")
    wrong = run("urgent", "s0", "s77", *home)
    assert wrong.returncode == 2 and "s77" in wrong.stderr
    assert "Nothing is marked" in run("urgent", last, "--off", *home).stdout
    assert "urgent" not in run("next", *home).stdout


def test_how_many_reviews_start_a_training_is_chosen_by_command_and_kept(tmp_path: Path) -> None:
    said = run("retrain", "--every", 35, "--home", tmp_path, "--lang", "en")
    assert said.returncode == 0 and "35" in said.stdout + said.stderr
    assert run("retrain", "--every", 0, "--home", tmp_path).returncode == 2
    with contextlib.closing(Store.at(tmp_path)) as store, store.reading() as session:
        assert triggers.every(session) == 35
