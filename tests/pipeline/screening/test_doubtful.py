"""From blocks whose letters may be wrong no draft takes evidence; the others keep their places and neighbours."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from models.passages import Passage
from pipeline.findings.detected import Held
from pipeline.screening.screener import Screener
from tests import examples


class Model:
    """Remembers what it was asked."""

    asked: Sequence[Passage] = ()

    def predict(self, passages: Sequence[Passage]) -> list[str]:
        self.asked = passages
        return [passage.text for passage in passages]


def test_doubtful_blocks_are_not_judged() -> None:
    reading = examples.reading(["หนึ่ง", "ส�อง", "สาม"])
    first, second, third = reading.blocks
    reading = replace(reading, blocks=(first, replace(second, doubtful=True), third))
    model = Model()
    nothing = cast(Any, None)
    screener = Screener(nothing, nothing, cast(Any, model), nothing, nothing)
    items = screener._items([Held(reading, "report")])
    assert [(item.position, item.prediction) for item in items] == [(0, "หนึ่ง"), (2, "สาม")]
    assert [passage.text for passage in model.asked] == ["หนึ่ง", "สาม"]
    assert items[1].passage.previous == "ส�อง"
