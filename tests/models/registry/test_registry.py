"""Models on disk: whole or refused, never a pickle, always a way back."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.labelled import LabelledOffice
from models.registry.model_folder import MANIFEST, WORDS
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
from models.training.train import Trained
from rubric.exceptions import ModelError, NotFoundError


@pytest.fixture
def folder(trained: Trained, tmp_path: Path) -> Path:
    trained.write(tmp_path / "made", {"evidence_f1": 0.5})
    return tmp_path / "made"


def test_a_written_model_answers_as_before(
    folder: Path, trained: Trained, offices: list[LabelledOffice]
) -> None:
    passages = [row.passage for row in offices[0].rows[:40]]
    before = trained.model("quick").predict(passages)
    after = load_model(folder, quick=True).predict(passages)
    for one, other in zip(before, after, strict=True):
        assert one.practice == pytest.approx(other.practice, abs=0.01)
        assert one.hits == other.hits


def test_writing_twice_gives_the_same_id_and_bytes(trained: Trained, folder: Path, tmp_path: Path) -> None:
    identity = trained.write(tmp_path / "again", {"evidence_f1": 0.5})
    assert identity == load_model(folder, quick=True).id.removesuffix("-quick")
    assert (tmp_path / "again" / WORDS).read_bytes() == (folder / WORDS).read_bytes()


def test_the_bundled_model_loads_fast_and_small() -> None:
    model = load_model(quick=True)
    assert model.id.endswith("-quick")
    assert sum(path.stat().st_size for path in BUNDLED.glob("*.npz")) < 3_000_000


def test_without_an_encoder_the_full_mode_falls_back_to_words(folder: Path) -> None:
    assert load_model(folder).mode == "quick"


def spoil_arrays(folder: Path) -> None:
    (folder / WORDS).write_bytes((folder / WORDS).read_bytes()[:-20])


def spoil_with_a_pickle(folder: Path) -> None:
    np.savez(folder / WORDS, weights=np.array([{"evil": 1}], dtype=object))
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    import hashlib

    manifest["files"][WORDS] = hashlib.sha256((folder / WORDS).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def spoil_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("{", "utf-8")


def spoil_lexicon_version(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(manifest | {"lexicon_version": "old"}), "utf-8")


def spoil_settings(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest["modes"]["quick"]["settings"]["states"] = "none"
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def remove_arrays(folder: Path) -> None:
    (folder / WORDS).unlink()


@pytest.mark.parametrize(
    "spoil",
    [spoil_arrays, spoil_with_a_pickle, spoil_manifest, spoil_lexicon_version, spoil_settings, remove_arrays],
    ids=[
        "cut short",
        "pickle inside",
        "manifest broken",
        "another lexicon",
        "settings broken",
        "file missing",
    ],
)
def test_a_damaged_model_is_refused_with_a_reason(folder: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    spoil(folder)
    with pytest.raises(ModelError) as told:
        load_model(folder, quick=True)
    assert told.value.message.th and told.value.remedy.en


def test_promotion_and_rollback_walk_the_trail(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert champion_path(home) == BUNDLED
    kept = add_model(folder, home)
    assert champion_path(home) == BUNDLED, "adding is not promoting"
    assert promote(kept.name, home, "better on held-out offices", "lead").champion
    assert load_model(home=home, quick=True).id == f"{kept.name}-quick"
    assert rollback(home, "second thoughts").bundled
    assert champion_path(home) == BUNDLED
    assert [line["model"] for line in promotions(home)] == [kept.name, "bundled"]
    with pytest.raises(NotFoundError):
        rollback(home, "nothing left")


def test_a_champion_that_was_deleted_leaves_the_bundled_one(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    kept = add_model(folder, home)
    promote(kept.name, home, "test")
    (kept / MANIFEST).unlink()
    assert champion_path(home) == BUNDLED


def test_a_broken_model_is_never_promoted(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    kept = add_model(folder, home)
    spoil_arrays(kept)
    with pytest.raises(ModelError):
        promote(kept.name, home, "test")
    assert champion_path(home) == BUNDLED


def test_lists_name_the_champion_and_skip_what_is_broken(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    add_model(folder, home)
    (home / "models" / "junk").mkdir()
    (home / "models" / "junk" / MANIFEST).write_text("{}", "utf-8")
    listed = list_models(home)
    assert [entry.bundled for entry in listed] == [True, False]
    assert [entry.champion for entry in listed] == [True, False]
    assert listed[1].figures == {"evidence_f1": 0.5}


def test_a_model_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFoundError, match="no model nowhere"):
        load_model("nowhere")
