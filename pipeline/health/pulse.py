"""Does the page's database answer, and do its tables fit this program? For whatever keeps the page running; asks nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from pipeline.store.database import Store, head_revision

Tables = Literal["current", "other", "unknown"]


@dataclass(frozen=True, slots=True)
class Liveness:
    """What is told without a login: nothing of what is stored."""

    database: bool
    tables: Tables

    @property
    def well(self) -> bool:
        """Whether requests can be answered."""
        return self.database and self.tables == "current"


def liveness_of(store: Store) -> Liveness:
    """Ask once, without patience: who asks will ask again."""
    try:
        revision = store.revision()
    except SQLAlchemyError:
        return Liveness(False, "unknown")
    return Liveness(True, "current" if revision == head_revision() else "other")
