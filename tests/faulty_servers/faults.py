"""Which request fails, and how: decided by a seed, so that a run can be had again; and a log of what was sent."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["", "reset", "short", "refused"]
KINDS: tuple[Kind, ...] = ("reset", "short", "refused")


@dataclass
class Faults:
    """The faults of one server.

    Attributes:
        rate: share of answers that fail.
        replaced: files (by their last name) that are replaced when half of them was sent for the first time.
        most: faults of one file at most, so that a client that tries again comes to its end.
        log: where each answer is noted, one JSON object a line.
    """

    seed: int = 0
    rate: float = 0.0
    replaced: tuple[str, ...] = ()
    most: int = 2
    log: Path | None = None
    _failed: Counter[str] = field(default_factory=Counter)
    _done: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, name: str) -> Kind:
        """Return how the answer that sends this file fails, "" where it does not."""
        with self._lock:
            if self._failed[name] >= self.most:
                return ""
            chance = random.Random(f"{self.seed}|{name}|{self._failed[name]}")
            if chance.random() >= self.rate:
                self._failed[name] = self.most  # a file that was once sent whole is sent whole again
                return ""
            self._failed[name] += 1
            return chance.choice(KINDS)

    def replace_now(self, name: str, replace: Callable[[], None]) -> bool:
        """Replace the file where it is one of those and was not replaced yet; tells whether it was."""
        with self._lock:
            if Path(name).name not in self.replaced or name in self._done:
                return False
            self._done.add(name)
            replace()
            return True

    def note(self, name: str, kind: str, sent: int, of: int) -> None:
        """Note an answer."""
        if self.log is not None:
            line = json.dumps({"at": time.time(), "file": name, "fault": kind, "sent": sent, "of": of})
            with self._lock, self.log.open("a", encoding="utf-8") as log:
                log.write(line + "\n")


def other_content(content: bytes) -> bytes:
    """Return what a file holds after it was replaced: of another length, so that every file system can tell."""
    return b"replaced " + content[::-1]
