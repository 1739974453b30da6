"""Results as one JSON object, for other programs: every key as in ``pipeline.export.results``."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.export.request import Request
from pipeline.export.results_loading import results
from pipeline.export.whole_file import written_whole
from pipeline.store.database import Store


def write(store: Store, out: Path, request: Request) -> int:
    """Write ``{"rubric": …, "reviews": [ … ]}``, one submission a line; returns how many.

    Raises:
        NotFoundError, InboxError: there is no such submission or batch; the file cannot be written.
    """
    count = 0
    with store.snapshot() as session, written_whole(out) as part, part.open("w", encoding="utf-8") as file:
        file.write(f'{{"rubric": {json.dumps(request.rubric.name)}, "reviews": [')
        for one in results(session, request):
            file.write("," if count else "")
            file.write("\n" + one.model_dump_json())
            count += 1
        file.write("\n]}\n")
    return count
