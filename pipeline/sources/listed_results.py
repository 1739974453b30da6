"""What became of each row of a list of offices after a run, written into a copy beside it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from pipeline.sources.listed_offices import RECEIVED, ListedOffices
from pipeline.sources.manifest import write_results
from pipeline.store.database import Store
from pipeline.store.tables import BatchItem, Submission
from rubric.language import Bilingual

OUTCOMES = {
    "drafted": Bilingual("มีร่างใหม่", "drafted"),
    "unchanged": Bilingual("มีร่างแล้ว ไม่เปลี่ยนแปลง", "drafted before, unchanged"),
}


def report(offices: ListedOffices, store: Store, batch: int) -> Path:
    """Write the copy with its column of results; returns where."""
    assert offices.source.path is not None
    with store.reading() as session:
        outcomes = {
            name: (outcome, reason or {})
            for name, outcome, reason in session.execute(
                select(Submission.name, BatchItem.outcome, BatchItem.reason)
                .join(BatchItem, BatchItem.submission_id == Submission.id)
                .where(BatchItem.batch_id == batch)
            )
        }
    results = {}
    for row, told in offices.rows.items():
        outcome, reason = outcomes.get(offices.submission_of(row), ("", {}))
        if told == RECEIVED and outcome == "failed":
            told = Bilingual(f"ไม่สำเร็จ: {reason.get('th', '')}", f"failed: {reason.get('en', '')}")
        elif told == RECEIVED:
            told = OUTCOMES.get(outcome, told)
        results[row] = told
    return write_results(offices.source.path, results)
