"""Whether the page needs no login: on the machine itself, and only as long as nobody could log in.

Asked anew for each request, since users are added by a command while the page runs; behind a proxy of the same machine a
page that had decided this at its start would stay open to everybody. The answer is kept for a moment, as one page asks often.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from pipeline.review.people.users import count_users
from pipeline.store.database import Store

KEPT_SECONDS = 2.0


class SingleUser:
    """The one user's page, until there are users.

    Args:
        local: only this machine reaches the page.
        clock: seconds that only go forward.
    """

    def __init__(self, store: Store, *, local: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._local, self._clock = store, local, clock
        self._alone, self._until = False, float("-inf")

    def holds(self) -> bool:
        """Tell whether there is no login now; what was true two seconds ago at most.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        if not self._local:
            return False
        asked = self._clock()
        if asked >= self._until:
            with self._store.reading() as session:
                self._alone = count_users(session) == 0
            self._until = asked + KEPT_SECONDS
        return self._alone
