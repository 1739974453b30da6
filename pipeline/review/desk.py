"""What every page of the running application shares: the store, the files, the rubric, the words, the page pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from pipeline.files import FileStore
from pipeline.review.catalogue import Catalogue
from pipeline.review.pictures import Pictures
from pipeline.review.security.sessions import Sessions
from pipeline.review.settings import ReviewSettings
from pipeline.store.database import Store
from rubric import Rubric, load_rubric
from rubric.exceptions import RubricError


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of one running review page.

    Attributes:
        rubric: used where a draft names none that is bundled.
        single_user: no login; only on the machine itself and only while no users were made.
    """

    settings: ReviewSettings
    store: Store
    files: FileStore
    rubric: Rubric
    texts: Catalogue
    sessions: Sessions
    pictures: Pictures
    single_user: bool

    def rubric_of(self, name: str) -> Rubric:
        """Return the rubric that a draft names (``esa-2560-1.1 v1.0 lexicon 3``)."""
        if name == self.rubric.name or not name:
            return self.rubric
        try:
            return load_rubric(name.split()[0])
        except RubricError:
            return self.rubric


def desk_of(request: Request) -> Desk:
    """Return the application's desk."""
    return cast(Desk, request.app.state.desk)
