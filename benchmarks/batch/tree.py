"""What a command and all that it starts cost: CPU by kind of process, and the memory of the whole tree, sampled from /proc."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
EVERY = 1.0
KINDS = (
    ("readers", "fork_server"),
    ("readers", "reading.child"),
    ("prefect server", "flows.server"),
    ("workers", "multiprocessing.spawn"),
    ("other", "resource_tracker"),
    ("tesseract", "tesseract"),
    ("libreoffice", "soffice"),
)


@dataclass
class Cost:
    """CPU seconds by kind of process; peak of the tree's memory (PSS) in bytes."""

    cpu: dict[str, float] = field(default_factory=dict)
    peak: int = 0

    @property
    def total(self) -> float:
        """Return the CPU seconds of all."""
        return sum(self.cpu.values())


class Watch:
    """Samples a process with all below it until it ends."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._used: dict[int, tuple[str, float]] = {}
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def ended(self) -> Cost:
        """Return what was seen; a process that lived for less than a second between two looks is counted by its parent."""
        self._over.set()
        self._thread.join()
        by_kind: defaultdict[str, float] = defaultdict(float)
        for kind, seconds in self._used.values():
            by_kind[kind] += seconds
        return Cost(dict(by_kind), self._peak)

    def _watch(self) -> None:
        while not self._over.is_set():
            self._look()
            self._over.wait(EVERY)

    def _look(self) -> None:
        memory = 0
        for process in tree(self._root):
            try:
                words = (
                    Path(f"/proc/{process}/stat")
                    .read_text("ascii", errors="replace")
                    .rpartition(")")[2]
                    .split()
                )
                command = Path(f"/proc/{process}/cmdline").read_text("utf-8", errors="replace")
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
            except OSError:
                continue
            # own time; a reader's fork server also bears that of the children it has seen end
            seconds = sum(map(int, words[11:13])) / TICKS
            kind = (
                "parent"
                if process == self._root
                else next((name for name, word in KINDS if word in command), "other")
            )
            if kind == "readers":
                seconds += sum(map(int, words[13:15])) / TICKS
            self._used[process] = (kind, seconds)
            memory += next((int(line.split()[1]) * 1024 for line in rollup if line.startswith("Pss:")), 0)
        self._peak = max(self._peak, memory)


def tree(root: int) -> list[int]:
    """Return a process and all below it."""
    below: defaultdict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int(
                    (entry / "stat").read_text("ascii", errors="replace").rpartition(")")[2].split()[1]
                )
            except (OSError, IndexError, ValueError):
                continue
            below[parent].append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += below[one]
    return found
