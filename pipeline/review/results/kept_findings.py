"""What was counted over all findings, kept until any of it changes: the page is asked far oftener than findings are made.

Each process keeps its own; whether it still holds is asked of the database on each look, so that what another process
or machine stored is never missed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pipeline.findings.precision import Precision
from pipeline.store.all_findings import (
    Dismissed,
    Found,
    Stamp,
    load_all,
    load_dismissed,
    stamp_of_findings,
)
from pipeline.store.findings import precision_of_kinds


@dataclass(frozen=True, slots=True)
class Counted:
    """All findings by submission, what was dismissed, and the record of each kind."""

    found: Mapping[int, Sequence[Found]]
    dismissed: Dismissed
    records: Mapping[str, Precision]


class KeptFindings:
    """Loads each part once for each state of it; whoever asks meanwhile waits, so that no two load the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._counted: Counted | None = None

    def counted(self, session: Session) -> Counted:
        """Return what stands in the store that ``session`` looks at."""
        with self._lock:
            stamp, before, kept = stamp_of_findings(session), self._stamp, self._counted
            if before is None or kept is None:
                kept = Counted(load_all(session), load_dismissed(session), precision_of_kinds(session))
            elif stamp != before:
                same = stamp.findings == before.findings
                acted = not same or stamp.acts != before.acts
                kept = Counted(
                    kept.found if same else load_all(session),
                    load_dismissed(session) if acted else kept.dismissed,
                    precision_of_kinds(session),
                )
            self._stamp, self._counted = stamp, kept
            return kept
