"""Lots stay as they were first drawn: a case that changed sides would teach what it measures."""

import pytest

from models.lots import fraction, lot

DRAWN = {
    "sample-01": (
        "7dc766b4cfa13a84",
        0.5412857179602174,
        0.480703413789966,
        0.8234013693690969,
        "29d7ca774c154ea3",
    ),
    "สพป.ศรีธารา เขต 2": (
        "425c87f612f09368",
        0.8480127847556178,
        0.05990281282878908,
        0.7891107471706191,
        "6972c650945d5681",
    ),
}
"""As drawn when each lot had code of its own: audit, held, blind, double, passage 12 of document 1."""


@pytest.mark.parametrize("name", DRAWN)
def test_no_case_changes_sides(name: str) -> None:
    from models.retraining.reviewed_case import CasePassage
    from models.retraining.splitting import kept_for_measuring
    from pipeline.learning.collecting import passage_lot
    from pipeline.learning.ordering import priority
    from pipeline.review.cases.shares import Shares

    audit, held, blind, double, passage = DRAWN[name]
    assert priority.lot(name).hex().startswith(audit)
    assert kept_for_measuring(name, held + 1e-9) and not kept_for_measuring(name, held)
    for share, drawn in ((blind, Shares.draws_blind), (double, Shares.draws_double)):
        assert drawn(Shares(blind=share + 1e-9, double=share + 1e-9), name)
        assert not drawn(Shares(blind=share, double=share), name)
    twelfth = CasePassage(document=1, position=12, type="paragraph", text="")
    assert passage_lot(name, twelfth).hex().startswith(passage)


def test_each_purpose_draws_for_itself() -> None:
    names = [f"office-{number}" for number in range(400)]
    held = {name for name in names if fraction(lot("held", name)) < 0.25}
    blind = {name for name in names if fraction(lot("blind", name)) < 0.25}
    assert 60 < len(held) < 140
    assert len(held & blind) < 50
