"""The drafts, one JSON object a line: each as ``drafts_json`` has it, for tools that read line by line."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.export.request import Request
from pipeline.export.whole_file import written_whole
from pipeline.store.database import Store
from pipeline.store.drafts import load_draft
from pipeline.store.tables import DraftRow, Submission


def write(store: Store, out: Path, request: Request) -> int:
    """Write a line a draft; returns how many.

    Raises:
        NotFoundError, InboxError: there is no such submission or batch; the file cannot be written.
    """
    with store.snapshot() as session, written_whole(out) as part, part.open("w", encoding="utf-8") as file:
        wanted = request.submissions(session)
        for count, number in enumerate(wanted, 1):
            row = session.query(DraftRow).filter_by(submission_id=number, current=True).one()
            draft = load_draft(session, row, session.get_one(Submission, number).name)
            file.write(json.dumps(draft.model_dump(mode="json"), ensure_ascii=False) + "\n")
            session.expunge_all()
            request.progress(count, len(wanted))
    return len(wanted)
