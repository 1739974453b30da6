"""The model card of a retrained model: what it learnt from, how it was judged, what it is weak at, and what became of it."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from models.retraining.challenger import Challenger
from models.retraining.champion import Comparison, Paired, Rule, Verdict
from models.retraining.splitting import Split


def card_of(
    identity: str, parts: Split, challenger: Challenger, comparison: Comparison, verdict: Verdict, rule: Rule
) -> dict[str, Any]:
    """Return the card as plain data, for the folder and the database."""
    card: dict[str, Any] = {
        "model": identity,
        "learnt_from": {
            "reviewed_offices": challenger.offices,
            "reviewed_passages": challenger.passages,
            "reviewers": sorted({one.reader for case in parts.teaching for one in case.readings}),
            "data": challenger.data_hash,
        },
        "measured_on": {
            "offices": comparison.offices,
            "blind": sum(case.blind for case in parts.held),
        },
        "rule": asdict(rule),
        "figures": {name: _pair(pair) for name, pair in comparison.pairs.items()},
        "reliability": {"champion": comparison.reliability[0], "challenger": comparison.reliability[1]},
        "anchor_change": comparison.anchor,
        "contradicted_marks": comparison.doubt,
        "promote": verdict.promote,
        "reasons": [{"th": one.th, "en": one.en} for one in verdict.reasons],
        "offices": list(comparison.rows),
    }
    return dict(storable(card))


def storable(value: Any) -> Any:
    """Return plain data with null for every figure of nothing (nan), which JSON, and PostgreSQL with it, does not know."""
    if isinstance(value, dict):
        return {key: storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _pair(pair: Paired) -> dict[str, float]:
    return {
        "champion": round(pair.champion, 4),
        "challenger": round(pair.challenger, 4),
        "difference": round(pair.difference.value, 4),
        "low": round(pair.difference.low, 4),
        "high": round(pair.difference.high, 4),
    }
