"""The table after a run: no draft is shown as certain, and what has none shows nothing."""

import io

import pytest
from rich.console import Console

from flows.summary import summary_table
from pipeline.batches.item import Item


@pytest.mark.parametrize(
    ("likelihood", "shown"), [(0.999, ">99%"), (1.0, ">99%"), (0.994, "99%"), (0.48, "48%"), (0.004, "<1%")]
)
def test_a_draft_is_never_all_or_nothing(likelihood: float, shown: str) -> None:
    page = Console(file=io.StringIO(), width=200)
    page.print(
        summary_table(
            [
                Item("s1", "drafted", score=4, likelihood=likelihood, documents=2),
                Item("s2", "failed"),
            ]
        )
    )
    assert isinstance(page.file, io.StringIO)
    lines = page.file.getvalue().splitlines()
    cells = {cells[1]: cells for line in lines if (cells := [one.strip() for one in line.split("│")])[1:]}
    assert cells["s1"][3:5] == ["4", shown]
    assert cells["s2"][3:7] == ["-", "-", "-", "-"]
