"""Results as one JSON object a line, for tools that read line by line."""

from __future__ import annotations

from pathlib import Path

from pipeline.export.request import Request
from pipeline.export.results_loading import results
from pipeline.export.whole_file import written_whole
from pipeline.store.database import Store


def write(store: Store, out: Path, request: Request) -> int:
    """Write a line a submission; returns how many.

    Raises:
        NotFoundError, InboxError: there is no such submission or batch; the file cannot be written.
    """
    count = 0
    with store.snapshot() as session, written_whole(out) as part, part.open("w", encoding="utf-8") as file:
        for one in results(session, request):
            file.write(one.model_dump_json() + "\n")
            count += 1
    return count
