"""The drafts as JSON: the form that the evaluation, other offices' scripts and archives stand on (docs/contract.md)."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

from pipeline.drafts import DraftsFile
from pipeline.store.database import Store
from pipeline.store.drafts import load_drafts
from rubric.exceptions import InboxError, NotFoundError
from rubric.language import Bilingual


def drafts_file(store: Store, submission: str | None = None) -> DraftsFile:
    """Return the current drafts; the head names the rubric and model of most of them, each draft its own.

    Raises:
        NotFoundError: there is no draft of ``submission``.
    """
    with store.reading() as session:
        drafts = tuple(load_drafts(session, submission))
    if submission is not None and not drafts:
        raise NotFoundError(
            Bilingual(f"ไม่มีร่างของ {submission}", f"There is no draft of {submission}."),
            Bilingual("ดูรายชื่อด้วย khetcheck status", "See khetcheck status."),
        )
    heads = Counter((draft.rubric, draft.model) for draft in drafts)
    rubric, model = max(heads, key=lambda head: (heads[head], head)) if heads else ("", "")
    return DraftsFile(rubric=rubric, model=model, drafts=drafts)


def write(store: Store, out: Path, submission: str | None, home: Path) -> int:
    """Write the drafts to ``out``, whole or not at all; returns how many.

    Raises:
        NotFoundError: there is no draft of ``submission``.
        InboxError: the file cannot be written.
    """
    made = drafts_file(store, submission)
    text = json.dumps(made.model_dump(mode="json"), ensure_ascii=False, indent=1)
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InboxError(
            Bilingual(
                f"เขียนไฟล์ {out} ไม่ได้ ({error.strerror})", f"{out} cannot be written ({error.strerror})."
            ),
            Bilingual("ตรวจสอบโฟลเดอร์และสิทธิ์", "Check the folder and your rights."),
        ) from error
    return len(made.drafts)
