"""The review page offers the sources that ``sources.yaml`` names, and opens also where that file is wrong."""

import contextlib
from pathlib import Path

import pytest

from flows.commands.reviewing.review import screening_of
from flows.opening.inboxes import open_inbox, open_named
from flows.settings import load_settings
from pipeline.sources.source import Source
from pipeline.store.database import Store


def test_sources_bear_the_addresses_of_their_batches(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    text = f"sources:\n  province:\n    kind: folder\n    path: {tmp_path / 'in'}\n"
    (tmp_path / "sources.yaml").write_text(text, "utf-8")
    settings = load_settings(home=tmp_path)
    with contextlib.closing(Store.at(tmp_path)) as store:
        offered = screening_of(settings, store).sources
        source = open_inbox(settings, "province")
        assert isinstance(source, Source)
        with contextlib.closing(open_named(settings, source, store)) as inbox:
            assert offered == {"province": inbox.url}


def test_a_malformed_file_of_sources_hides_them_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sources.yaml").write_text("sources: [", "utf-8")
    with contextlib.closing(Store.at(tmp_path)) as store:
        assert screening_of(load_settings(home=tmp_path), store).sources == {}
    told = capsys.readouterr()
    assert "sources.yaml" in " ".join((told.out + told.err).split())
