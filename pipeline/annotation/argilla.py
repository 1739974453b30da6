"""Records for Argilla (its JSON of records): a field ``text``, a multi-label question, suggestions and responses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.annotation import records
from pipeline.annotation.returned import Returned
from pipeline.export.request import Request
from pipeline.store.database import Store

QUESTION = "answer"


class Argilla:
    """``suggestions`` hold the draft, ``responses`` what people submitted."""

    def record(
        self, text: str, options: dict[str, str], suggested: list[str], picked: list[str] | None
    ) -> dict[str, Any]:
        """Return a record; ``options`` are the question's, which the dataset defines."""
        made: dict[str, Any] = {
            "fields": {"text": text},
            "metadata": {"options": " | ".join(f"{key}: {shown}" for key, shown in options.items())},
            "suggestions": {QUESTION: {"value": suggested}},
        }
        if picked is not None:
            made["responses"] = {QUESTION: [{"value": picked, "status": "submitted"}]}
        return made

    def picked(self, record: dict[str, Any]) -> list[str] | None:
        """Return the newest submitted response; None where there is none."""
        given = (record.get("responses") or {}).get(QUESTION, ())
        submitted = [one for one in given if one.get("status", "submitted") == "submitted"]
        if not submitted:
            return None
        value = submitted[-1]["value"]
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def write(store: Store, out: Path, request: Request) -> int:
    """Write the records; returns the number of submissions."""
    return records.write(store, out, request, Argilla())


def read(path: Path) -> list[Returned]:
    """Read records that Argilla exported, as a JSON list or one a line.

    Raises:
        CorpusError: the file is no such file.
    """
    return records.read(path, Argilla())
