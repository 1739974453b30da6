"""The drafts as JSON: the form that the evaluation, other offices' scripts and archives stand on (docs/contract.md)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.deliveries.since_last import changes_of
from pipeline.drafts import DraftsFile
from pipeline.export.delivery_changes import as_json
from pipeline.export.request import Request, no_draft
from pipeline.export.whole_file import written_whole
from pipeline.store.database import Store
from pipeline.store.drafts import load_drafts
from pipeline.store.tables import DraftRow, Submission


def drafts_file(store: Store, submission: str | None = None) -> DraftsFile:
    """Return the current drafts; the head names the rubric and model of most of them, each draft its own.

    Raises:
        NotFoundError: there is no draft of ``submission``.
    """
    return _drafts_file(store, submission, None)


def write(store: Store, out: Path, request: Request) -> int:
    """Write the drafts to ``out``, whole or not at all; returns how many.

    Raises:
        NotFoundError: there is no draft of the submission, or no such batch.
        InboxError: the file cannot be written.
    """
    made = _drafts_file(store, request.submission, request if request.batch is not None else None)
    whole = made.model_dump(mode="json")
    with store.snapshot() as session:
        for draft in whole["drafts"]:
            draft["changes"] = _changes(session, draft["submission"])
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    with written_whole(out) as part:
        part.write_text(text + "\n", encoding="utf-8")
    return len(made.drafts)


def _changes(session: Session, submission: str) -> dict[str, Any] | None:
    row = session.scalar(
        select(DraftRow)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .where(Submission.name == submission, DraftRow.current)
    )
    return as_json(changes_of(session, row)) if row is not None else None


def _drafts_file(store: Store, submission: str | None, request: Request | None) -> DraftsFile:
    with store.snapshot() as session:
        drafts = tuple(load_drafts(session, submission))
        if request is not None:
            wanted = {session.get_one(Submission, number).name for number in request.submissions(session)}
            drafts = tuple(draft for draft in drafts if draft.submission in wanted)
    if submission is not None and not drafts:
        raise no_draft(submission)
    heads = Counter((draft.rubric, draft.model) for draft in drafts)
    rubric, model = max(heads, key=lambda head: (heads[head], head)) if heads else ("", "")
    return DraftsFile(rubric=rubric, model=model, drafts=drafts)
