"""What the tests of models share: the rubric, a few offices of the corpus, and a model trained on them once."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import settings

from models.judging.judged import Item
from models.labelled import CORPUS, LabelledOffice, load_office
from models.passages import ROLES, DocumentKind, Passage, PassageType, Prediction, Role
from models.training.train import Trained, train
from rubric import Rubric, load_rubric

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")  # a busy machine is no fault

OFFICES = ("c01", "c05", "f03", "h02", "q01", "s04")


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    return load_rubric("esa-2560-1.1")


@pytest.fixture(scope="session")
def offices(rubric: Rubric) -> list[LabelledOffice]:
    return [load_office(CORPUS / name, rubric) for name in OFFICES]


@pytest.fixture(scope="session")
def trained(rubric: Rubric, offices: list[LabelledOffice]) -> Trained:
    return train(rubric, offices, folds=3)


MakeItem = Callable[..., Item]


@pytest.fixture
def make_item(rubric: Rubric) -> MakeItem:
    """Make an item with a prediction as told: probabilities of points not named are 0."""

    def make(
        text: str = "ข้อความ",
        *,
        point: int = 1,
        practice: float = 0.0,
        topic: float | None = None,
        role: Role = "practice",
        facets: Sequence[str] = (),
        detail: float = 0.9,
        kind: DocumentKind = "report",
        type: PassageType = "paragraph",
        headings: tuple[str, ...] = (),
        document: int = 0,
        position: int = 0,
        read_by: str = "text",
    ) -> Item:
        prediction = Prediction(
            practice={n: practice if n == point else 0.0 for n in rubric.numbers},
            topic={n: (practice if topic is None else topic) if n == point else 0.0 for n in rubric.numbers},
            roles={r: 0.94 if r == role else 0.02 for r in ROLES},
            facets={
                p.number: {key: 0.97 if p.number == point and key in facets else 0.02 for key in p.facet_keys}
                for p in rubric.points
            },
            detail=detail,
        )
        passage = Passage(text, type, kind, headings)
        return Item(document, position, passage, prediction, "ocr" if read_by == "ocr" else "text")

    return make
