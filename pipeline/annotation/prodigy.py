"""Records for Prodigy's recipe ``choice``, and the records of its database (``db-out``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.annotation import records
from pipeline.annotation.returned import Returned
from pipeline.export.request import Request
from pipeline.store.database import Store


class Prodigy:
    """``text``, ``options``, and in ``accept`` what is picked; ``answer`` says whether a person took the record."""

    def record(
        self, text: str, options: dict[str, str], suggested: list[str], picked: list[str] | None
    ) -> dict[str, Any]:
        """Return a record; what is suggested is picked beforehand."""
        made: dict[str, Any] = {
            "text": text,
            "options": [{"id": key, "text": shown} for key, shown in options.items()],
            "accept": suggested if picked is None else picked,
        }
        return made if picked is None else made | {"answer": "accept"}

    def picked(self, record: dict[str, Any]) -> list[str] | None:
        """Return what was accepted; None where the record was skipped, rejected or never shown."""
        return [str(one) for one in record.get("accept", ())] if record.get("answer") == "accept" else None


def write(store: Store, out: Path, request: Request) -> int:
    """Write the records; returns the number of submissions."""
    return records.write(store, out, request, Prodigy())


def read(path: Path) -> list[Returned]:
    """Read what ``prodigy db-out`` wrote.

    Raises:
        CorpusError: the file is no such file.
    """
    return records.read(path, Prodigy())
