"""Which model is in use holds for all machines of a store; two homes stand for two machines."""

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.registry import registry
from models.registry.model_folder import MANIFEST
from models.registry.registry import BUNDLED, champion_path, load_model
from pipeline.intake.files import LocalFiles
from pipeline.learning.promotions import Models
from pipeline.store.database import Store
from pipeline.store.tables import ModelFile
from rubric.exceptions import ModelError, NotFoundError


@pytest.fixture
def machines(store: Store, tmp_path: Path) -> tuple[Models, Models]:
    """Two machines with homes of their own, one store and one place of files."""
    files = LocalFiles(tmp_path / "files")
    return Models(store, files, tmp_path / "a"), Models(store, files, tmp_path / "b")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of each kind."""
    with contextlib.closing(Store(store_url)) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model of one's own: the bundled one under another name."""
    made = tmp_path / "made"
    shutil.copytree(BUNDLED, made)
    manifest = json.loads((made / MANIFEST).read_text("utf-8"))
    (made / MANIFEST).write_text(json.dumps(manifest | {"id": "own-model"}), "utf-8")
    return made


def added(folder: Path, home: Path) -> str:
    return registry.add_model(folder, home).name


def test_a_promotion_on_one_machine_holds_on_the_other(machines: tuple[Models, Models], folder: Path) -> None:
    first, second = machines
    identity = added(folder, first.home)
    first.promote(identity, "better", "lead")
    assert champion_path(second.home) == BUNDLED
    second.follow()
    assert load_model(home=second.home, quick=True).id == f"{identity}-quick"
    assert registry.promotions(second.home) == registry.promotions(first.home)
    second.rollback("second thoughts")
    first.follow()
    assert champion_path(first.home) == champion_path(second.home) == BUNDLED
    with pytest.raises(NotFoundError):
        first.rollback("nothing left")


def test_the_list_of_an_existing_home_is_taken_over_once(
    machines: tuple[Models, Models], folder: Path
) -> None:
    first, second = machines
    registry.promote(added(folder, first.home), first.home, "before the store knew", "lead")
    for _ in range(2):
        first.follow()
    second.follow()
    assert load_model(home=second.home, quick=True).id == load_model(home=first.home, quick=True).id
    assert [line["reason"] for line in registry.promotions(second.home)] == ["before the store knew"]


def test_a_home_that_said_otherwise_gives_way_and_keeps_its_list_beside(
    machines: tuple[Models, Models], folder: Path
) -> None:
    first, second = machines
    first.promote(added(folder, first.home), "of the store")
    registry.promote("bundled", second.home, "of this home")
    second.follow()
    assert [line["reason"] for line in registry.promotions(second.home)] == ["of the store"]
    assert "of this home" in (second.home / "models" / "promotions.before.jsonl").read_text("utf-8")


def test_a_model_that_cannot_be_had_is_told_and_no_other_is_used(
    store: Store, tmp_path: Path, folder: Path
) -> None:
    first = Models(store, LocalFiles(tmp_path / "a" / "files"), tmp_path / "a")
    first.promote(added(folder, first.home), "better")
    alone = Models(store, LocalFiles(tmp_path / "b" / "files"), tmp_path / "b")
    with pytest.raises(ModelError, match="KHETCHECK_FILES"):
        alone.follow()


def test_a_model_whose_files_were_changed_is_refused(
    machines: tuple[Models, Models], folder: Path, tmp_path: Path
) -> None:
    first, second = machines
    first.promote(added(folder, first.home), "better")
    with first.store.reading() as session:
        words = session.get_one(ModelFile, ("own-model", "words.npz")).sha256
    LocalFiles(tmp_path / "files").path(words).write_bytes(b"something else")
    with pytest.raises(ModelError):
        second.follow()
    assert not (second.home / "models" / "own-model").exists()
