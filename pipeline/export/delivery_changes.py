"""What changed since the last delivery, as JSON: the key ``changes`` of a draft (docs/contract.md)."""

from __future__ import annotations

from typing import Any

from pipeline.deliveries.listed_passages import Listed
from pipeline.deliveries.since_last import Changes


def as_json(changes: Changes | None) -> dict[str, Any] | None:
    """Return the changes as plain values; None stays None (a first delivery)."""
    if changes is None:
        return None
    return {
        "before": changes.before,
        "after": changes.after,
        "files": [{"name": one.name, "state": one.state, "before": one.before} for one in changes.files],
        "passages": [
            _passage(one.passage) | {"state": one.state, "before": one.before.text if one.before else None}
            for one in changes.passages
        ],
        "asks": [
            {
                "id": one.ask.id,
                "number": one.ask.number,
                "point": one.ask.point,
                "facet": one.ask.facet,
                "text": one.ask.text,
                "answered": one.found,
                "passages": [_passage(passage) for passage in one.passages],
                "files": list(one.files),
            }
            for one in changes.answers
        ],
    }


def _passage(one: Listed) -> dict[str, Any]:
    return {
        "point": one.point,
        "document": one.document,
        "page": one.page,
        "text": one.text,
        "facets": list(one.facets),
    }
