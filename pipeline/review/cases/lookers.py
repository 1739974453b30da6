"""Who is looking at a case that nobody has claimed.

Looking claims nothing and leaves no trace: it is kept in memory, ends when the page is left or has been idle for a
while, and only keeps "next case" from handing the same untouched case to two people.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """One person's look at a case.

    Attributes:
        page: the life of a page it comes from: after a reload the old one may say good-bye late.
        until: when it ends by itself, on the clock of :class:`Lookers`.
    """

    page: str
    until: float


class Lookers:
    """All looks at the moment.

    Args:
        minutes: for which a look lasts unless it is renewed.
        clock: seconds that only go forward.
    """

    def __init__(self, minutes: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = 60 * minutes
        self._clock = clock
        self._lock = threading.Lock()
        self._looks: dict[tuple[int, int], Look] = {}

    def come(self, case: int, user_id: int, page: str) -> None:
        """Begin or renew a look."""
        with self._lock:
            self._looks[case, user_id] = Look(page, self._clock() + self._seconds)

    def go(self, case: int, user_id: int, page: str) -> None:
        """End the look of a page that was left; of no other page of this person."""
        with self._lock:
            look = self._looks.get((case, user_id))
            if look is not None and look.page == page:
                del self._looks[case, user_id]

    def others_at(self, case: int, user_id: int) -> list[int]:
        """Return who else looks at a case."""
        return [user for at, user in self._now() if at == case and user != user_id]

    def cases_of_others(self, user_id: int) -> set[int]:
        """Return the cases that others look at."""
        return {case for case, user in self._now() if user != user_id}

    def _now(self) -> list[tuple[int, int]]:
        with self._lock:
            now = self._clock()
            self._looks = {key: look for key, look in self._looks.items() if look.until > now}
            return list(self._looks)
