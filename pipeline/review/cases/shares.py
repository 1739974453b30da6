"""Which cases are read blind and which by two readers: drawn by lot from the submission's name, the same on each look.

The lot must be known before anybody opens a case (the queue hides the draft's score of a blind one), must not change
when the page is loaded again, and must not be guessable by ordering submissions.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from models.lots import fraction, lot
from pipeline.review.people.users import count_users
from pipeline.store.tables import Setting

KEY = "review.shares"


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of all cases, each between 0 and 1.

    Attributes:
        blind: read without seeing the draft until the reader has scored; measures the draft and its pull on readers.
        double: read by a second reader who does not see the first's decisions.
        seed: makes the lots of this store differ from another's.
    """

    blind: float = 0.1
    double: float = 0.1
    seed: str = "khetcheck"

    def draws_blind(self, submission: str) -> bool:
        """Tell whether this submission is in the blind share."""
        return fraction(lot(f"{self.seed}\0blind", submission)) < self.blind

    def draws_double(self, submission: str) -> bool:
        """Tell whether this submission is read by two."""
        return fraction(lot(f"{self.seed}\0double", submission)) < self.double


def shares_of(session: Session) -> Shares:
    """Return the shares that the lead chose; where nobody chose, nothing is drawn while one person works alone.

    Without users there is nobody to compare with, and a case without a name would pass for a fault.
    """
    row = session.get(Setting, KEY)
    if row is not None:
        return Shares(**row.value)
    return Shares() if count_users(session) else Shares(blind=0.0, double=0.0)


def set_shares(session: Session, shares: Shares, user_id: int | None) -> None:
    """Keep the shares; cases already opened stay as they were drawn."""
    row = session.get(Setting, KEY)
    if row is None:
        session.add(Setting(key=KEY, value=asdict(shares), updated_by=user_id))
    else:
        row.value, row.updated_by = asdict(shares), user_id
