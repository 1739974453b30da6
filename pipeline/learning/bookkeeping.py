"""Models in the database: what lists, pages and drafts' names refer to.

Which of them is in use say the promotions (``pipeline.learning.promotions``); the states here follow them, and are put right at
every start, so that a kill between the two leaves no contradiction behind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.registry.registry import BUNDLED, ModelEntry, list_models
from pipeline.store.tables import ModelEvent, ModelRow
from rubric.language import Bilingual

NOTHING = Bilingual("", "")


def sync_models(session: Session, home: Path, rubric: str) -> None:
    """Make rows for all models of the home and mark the one in use as champion."""
    for entry in list_models(home):
        row = session.get(ModelRow, entry.id)
        if row is None:
            row = ModelRow(id=entry.id, rubric=rubric, state="challenger", folder=_folder(entry), card={})
            row.created_at = entry.created
            session.add(row)
        if entry.champion:
            row.state = "champion"
        elif row.state == "champion":
            row.state = "retired"
    session.flush()


def note_model(
    session: Session, entry_id: str, *, rubric: str, folder: str, data_hash: str, card: Mapping[str, Any]
) -> None:
    """Keep a newly trained model's row with its card."""
    row = session.get(ModelRow, entry_id) or ModelRow(id=entry_id)
    row.rubric, row.folder, row.data_sha256, row.card = rubric, folder, data_hash, dict(card)
    row.state = row.state or "challenger"
    session.add(row)
    session.flush()
    note_event(session, entry_id, "trained")


def note_event(session: Session, model_id: str, event: str, reason: Bilingual = NOTHING) -> None:
    """Add to a model's history; ``kept_aside`` also sets its state."""
    session.add(ModelEvent(model_id=model_id, event=event, reason_th=reason.th, reason_en=reason.en))
    if event == "kept_aside":
        session.get_one(ModelRow, model_id).state = "kept_aside"
    session.flush()


def history(session: Session, model_id: str) -> list[ModelEvent]:
    """Return a model's events, oldest first."""
    events = select(ModelEvent).where(ModelEvent.model_id == model_id).order_by(ModelEvent.id)
    return list(session.scalars(events))


def _folder(entry: ModelEntry) -> str:
    return "bundled" if entry.path == BUNDLED else entry.path.name


def card_at(path: Path) -> dict[str, Any]:
    """Return a model folder's card: of its retraining where it was retrained, else what its manifest says."""
    for name in ("retraining.json", "card.json", "model.json"):
        if (path / name).exists():
            card: dict[str, Any] = json.loads((path / name).read_text("utf-8"))
            return card
    return {}
