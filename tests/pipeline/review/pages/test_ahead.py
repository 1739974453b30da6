"""Pages of Word files are made before anybody asks: in the order of work, what is opened first, each one once."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.reading import libreoffice
from pipeline.review.cases.documents import DocumentView
from pipeline.review.pages.ahead import PagesAhead, waiting_files
from pipeline.store.database import Store
from pipeline.store.tables import Document, Submission
from rubric.exceptions import BrokenDocument
from rubric.language import Bilingual
from tests.pipeline.review.samples import Sent, plain_document, store_case


class Maker:
    """Stands for the views: says what it was asked to make; the first file is broken."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.go_on = threading.Event()
        self.began = threading.Event()
        self.enough = threading.Event()

    def view(self, sha256: str, reader: str) -> None:
        return None

    def make(self, sha256: str, reader: str, texts: Sequence[str], recognised: Sequence[int]) -> None:
        assert texts and not recognised
        self.made.append(sha256)
        self.began.set()
        assert self.go_on.wait(30)
        if len(self.made) == 3:
            self.enough.set()
        if len(self.made) == 1:
            raise BrokenDocument(Bilingual("เสีย", "broken"))


def without_pages(sent: Sent) -> Sent:
    """A document as a Word file is read: blocks without pages."""
    blocks = tuple(replace(block, page=None, boxes=()) for block in sent.reading.blocks)
    return replace(sent, reading=replace(sent.reading, pages=None, blocks=blocks, page_sizes=()))


@pytest.fixture
def words(store: Store, tmp_path: Path) -> list[str]:
    """Three cases with a Word file each, one of them finished, and one with a PDF only."""
    sent = [without_pages(plain_document(f"{at}.docx")) for at in range(4)]
    for at, one in enumerate(sent):
        store_case(store, tmp_path, f"w{at}", documents=[one], number=at)
    store_case(store, tmp_path, "p", documents=[plain_document()], number=9)
    with store.transaction() as session:
        done = session.query(Submission).filter(Submission.name == "w3").one()
        done.state = "confirmed"
    return [one.reading.sha256 for one in sent]


def test_files_without_pages_of_waiting_cases_are_wanted(store: Store, words: list[str]) -> None:
    with store.reading() as session:
        assert sorted(one.sha256 for one in waiting_files(session)) == sorted(set(words[:3]))


def test_what_is_opened_comes_next_and_a_broken_file_stops_nothing(
    store: Store, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: "soffice")
    maker = Maker()
    ahead = PagesAhead(maker, store, every=60)  # type: ignore[arg-type]
    ahead.start()
    assert maker.began.wait(30)
    with store.reading() as session:
        waiting = [one.sha256 for one in waiting_files(session)]
        last = session.query(Document).filter(Document.sha256 == waiting[-1]).first()
        assert last is not None
        ahead.hurry(
            [DocumentView(last, Bilingual("", ""), waiting_files(session)[-1].reader, 1, False, (), None, ())]
        )
    maker.go_on.set()
    assert maker.enough.wait(30)
    ahead.close()
    ahead.join()
    assert maker.made == [waiting[0], waiting[-1], *waiting[1:-1]]


def test_without_libreoffice_nothing_is_begun(
    store: Store, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: None)
    maker = Maker()
    ahead = PagesAhead(maker, store)  # type: ignore[arg-type]
    ahead.start()
    ahead.hurry([])
    ahead.close()
    ahead.join()
    assert maker.made == []
