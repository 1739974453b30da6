"""Keeping what is in hand: a thread that shows that its run lives and renews its claims.

A process that was stopped or cut off for longer than a lease may find that others have its work by now. What it still
does then is thrown away: its transaction asks for the claim (:func:`pipeline.store.work.claims.release`).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

from pipeline.store.database import Store
from pipeline.store.work import claims, runs
from pipeline.store.work.claims import Claimed, Lease
from rubric.exceptions import KhetcheckError

LONGEST_GOODBYE = 5.0
"""Seconds that the end of the thread is waited for: it may hang in a database that is away."""


class Keeper:
    """The claims of one run, by name, kept until they are let go of.

    Args:
        run: number of the run.
        on_all_lost: called in the thread when nothing is left of what was in hand.
    """

    def __init__(self, store: Store, run: int, lease: Lease, on_all_lost: Callable[[], None]) -> None:
        self._store, self._run, self._lease, self._on_all_lost = store, run, lease, on_all_lost
        self._held: dict[str, Claimed] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"keeper of run {run}", daemon=True)

    def start(self) -> None:
        """Begin to show life."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is held lapses unless it is handed back."""
        self._over.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(LONGEST_GOODBYE)

    def hold(self, taken: Collection[Claimed]) -> None:
        """Renew these from now on."""
        with self._lock:
            self._held |= {one.submission: one for one in taken}

    def held(self, name: str) -> Claimed | None:
        """Return the claim on a submission, None where it is not in hand."""
        with self._lock:
            return self._held.get(name)

    def let_go(self, claimed: Claimed) -> None:
        """Renew it no longer."""
        with self._lock:
            if self._held.get(claimed.submission) == claimed:
                del self._held[claimed.submission]

    def keep_now(self) -> None:
        """Show life and renew all claims; those that are lost are in hand no longer."""
        with self._lock:
            held = set(self._held.values())

        def renew(session: Session) -> set[Claimed]:
            runs.show_life(session, self._run, self._lease)
            return claims.renew(session, held, self._lease) if held else set()

        lost = self._store.carry_out(renew)
        still = {one for one in lost if self.held(one.submission) == one}  # others were released meanwhile
        for one in still:
            self.let_go(one)
        if still and still == held:
            self._on_all_lost()

    def _keep(self) -> None:
        while not self._over.wait(self._lease.renewal):
            with contextlib.suppress(
                KhetcheckError
            ):  # the database is away: tried again, and told by whoever works
                self.keep_now()
