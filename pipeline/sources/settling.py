"""After a run over a watched folder: what was screened moves to ``done``, what cannot be to ``failed`` with the reason."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from pipeline.sources.watched import WatchedFolder
from pipeline.store.database import Store
from pipeline.store.tables import BatchItem, Submission
from pipeline.store.work.looks import StoredLooks
from rubric.exceptions import InboxError


@dataclass(frozen=True, slots=True)
class _Ended:
    """What became of a submission in the run."""

    name: str
    failed: bool
    told: str


def settle(folder: WatchedFolder, store: Store, batch: int, retried: Container[str]) -> None:
    """Move what the batch has dealt with; what changed since, or is tried again anyway, stays where it is.

    Args:
        retried: codes of failures that say nothing about the files.
    """
    source, looks = folder.source, StoredLooks(store)
    if source.done is None and source.failed is None:
        return
    for one in _ended(folder, store, batch, retried):
        target = source.failed if one.failed else source.done
        if target is None or not _is_as_taken(folder, one.name):
            continue
        place = _moved(folder.folder_of(one.name), target)
        if one.failed:
            place.with_name(f"{place.name}.txt").write_text(one.told, "utf-8")
        looks.forget(source.name, one.name)


def _ended(folder: WatchedFolder, store: Store, batch: int, retried: Container[str]) -> list[_Ended]:
    with store.reading() as session:
        rows = session.execute(
            select(Submission.name, Submission.inbox, BatchItem.outcome, BatchItem.reason)
            .join(BatchItem, BatchItem.submission_id == Submission.id)
            .where(BatchItem.batch_id == batch)
        ).all()
    ended = []
    for name, where, outcome, reason in rows:
        why = reason or {}
        if where != folder.address_of(name) or why.get("code") in retried:
            continue
        if outcome == "failed" and not why.get("lasting", True):
            continue
        ended.append(_Ended(name, outcome == "failed", f"{why.get('th', '')}\n\n{why.get('en', '')}\n"))
    return ended


def _is_as_taken(folder: WatchedFolder, name: str) -> bool:
    """Whether nothing came since it was screened: a later delivery is not to vanish unread."""
    try:
        return folder.look_of(name) == folder.taken.get(name)
    except InboxError:
        return False


def _moved(folder: Path, target: Path) -> Path:
    """Move a folder, whole or not at all; one of that name that is there already stays."""
    target.mkdir(parents=True, exist_ok=True)
    place = target / folder.name
    if place.exists():
        place = target / f"{folder.name} {dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"
    beside = target / f".{place.name}.incoming"
    shutil.move(folder, beside)
    beside.rename(place)
    return place
