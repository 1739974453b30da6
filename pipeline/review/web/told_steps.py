"""Which act was taken back or done again, in a sentence for the line that says so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pipeline.review.catalogue import Catalogue
from pipeline.store.tables import Decision, EvidenceRow
from pipeline.store.targets import is_point, number_of
from rubric.language import Language


def told_step(session: Session, texts: Catalogue, language: Language, entry: Decision, *, back: bool) -> str:
    """Return what undo (``back``) or redo did, named by the act that it was about."""
    value = entry.after if back else entry.before
    point = _point(session, entry)
    if entry.kind == "finish" and not value:
        what = texts.told("outcome.reopen", language)
    elif entry.kind == "added" and not value:
        what = texts.told("announce.step_removed", language, number=point)
    elif f"announce.step_{entry.kind}" in texts.texts:
        what = texts.told(f"announce.step_{entry.kind}", language, number=point)
    else:
        what = texts.told(f"act.{entry.kind}", language)
    said = _said(texts, language, entry, value)
    return texts.told(
        "announce.undone" if back else "announce.redone", language, what=f"{what} {said}".strip()
    )


def _point(session: Session, entry: Decision) -> int | None:
    if entry.kind == "evidence":
        row = session.get(EvidenceRow, number_of(entry.target))
        return row.point if row else None
    return number_of(entry.target) if is_point(entry.target) or entry.kind == "added" else None


def _said(texts: Catalogue, language: Language, entry: Decision, value: dict[str, object] | None) -> str:
    """The level or verdict that was given."""
    if entry.kind in ("point", "adjudicate"):
        return texts.told(f"level.{value['state']}" if value else "card.open", language)
    if entry.kind == "evidence" and value:
        return texts.told(f"verdict.{value['verdict']}", language)
    return ""
