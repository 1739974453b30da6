"""Connections that do not come to the point are ended: no sender, slow or hostile, holds a place for long.

uvicorn bounds the time between two requests only. A connection that never sends a whole head, a body that trickles in and
an answer that is never fetched would each stay for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 500
LOOKED_EVERY = 2.0


class Impatient(H11Protocol):
    """HTTP as uvicorn speaks it, with bounds on how long a head, a body and the fetching of an answer may take.

    Attributes:
        head_seconds: from the connection, or the end of the last answer, to a whole head.
        body_seconds: from there to a whole body.
        fetch_seconds: during which nothing of an answer is fetched.
    """

    head_seconds = 15.0
    body_seconds = 60.0
    fetch_seconds = 60.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._phase = ""
        self._since = self.loop.time()
        self._look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look at the clock."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _watch(self) -> None:
        now, phase = self.loop.time(), self._now_in()
        if phase != self._phase:
            self._phase, self._since = phase, now
        bounds = {"head": self.head_seconds, "body": self.body_seconds, "fetch": self.fetch_seconds}
        if phase in bounds and now - self._since > bounds[phase]:
            self.transport.abort()
            return
        self._look = self.loop.call_later(min(LOOKED_EVERY, *bounds.values()), self._watch)

    def _now_in(self) -> str:
        """Tell what the connection waits for: a head, a body, an answer's being fetched, or us (no bound)."""
        if self.flow.write_paused:
            return "fetch"
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return "head"
        return "body" if cycle.more_body else "answer"
