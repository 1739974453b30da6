"""What every page of the running application shares: the store, the files, the rubric, the words, the page pictures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import cast

from fastapi import Request
from sqlalchemy.orm import Session

from pipeline.intake.files import FileStore
from pipeline.review.cases.lookers import Lookers
from pipeline.review.catalogue import Catalogue
from pipeline.review.figures.leads import LeadFigures
from pipeline.review.pages.ahead import PagesAhead
from pipeline.review.pages.pictures import Pictures
from pipeline.review.pages.views import Views
from pipeline.review.people.sessions import Sessions
from pipeline.review.people.single_user import SingleUser
from pipeline.review.results.kept_findings import KeptFindings
from pipeline.review.rounds.running import Runner
from pipeline.review.settings import ReviewSettings
from pipeline.store.database import Store
from pipeline.uploads.receiving import Receiving
from rubric import Rubric, load_rubric
from rubric.exceptions import RubricError


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of one running review page.

    Attributes:
        rubric: used where a draft names none that is bundled.
        alone: whether there is no login; only on the machine itself and only while no users were made.
    """

    settings: ReviewSettings
    store: Store
    files: FileStore
    rubric: Rubric
    texts: Catalogue
    sessions: Sessions
    pictures: Pictures
    views: Views
    ahead: PagesAhead
    figures: LeadFigures
    findings: KeptFindings
    lookers: Lookers
    alone: SingleUser
    runner: Runner
    receiving: Receiving
    turn: threading.Lock

    @property
    def single_user(self) -> bool:
        """Whether there is no login now."""
        return self.alone.holds()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session for an act, in turn."""
        with self.in_turn(), self.store.transaction() as session:
            yield session

    def in_turn(self) -> AbstractContextManager[object]:
        """Wait for one's turn to write.

        SQLite lets one write at a time and makes others ask again and again; here they stand in line instead, so that
        nobody is passed over while twenty reviewers are at work.
        """
        return self.turn if self.store.is_sqlite else nullcontext()

    def rubric_of(self, name: str) -> Rubric:
        """Return the rubric that a draft names (``esa-2560-1.1 v1.0 lexicon 3``)."""
        if name == self.rubric.name or not name:
            return self.rubric
        try:
            return load_rubric(name.split()[0])
        except RubricError:
            return self.rubric


def context_of(request: Request) -> Context:
    """Return the application's context."""
    return cast(Context, request.app.state.context)
