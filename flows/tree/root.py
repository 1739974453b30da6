"""The root of the tree: starts the parts, starts those again that die, and ends all of them when it is told to.

Each part stands in a session of its own, so that Ctrl+C reaches the root alone, which ends them in order; and each holds
the other end of a pipe, so that it ends also when the root is killed.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.tree.parts import Part
from rubric.exceptions import RunnerError
from rubric.language import Bilingual

LOOK_SECONDS = 0.5
START_SECONDS = 300.0
"""So long a part may take to answer; the first start of Prefect's server makes its database."""
END_SECONDS = 6.0
"""So long a part may take to end, before it is killed."""
MOST_DEATHS = 5
WITHIN_SECONDS = 600.0
"""A part that dies more often than this is not started again."""


@dataclass
class _Kept:
    part: Part
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)


class Root:
    """The tree.

    Args:
        environment: of all parts.
        log: what the parts say goes to its end.
        on_death: told of a part that died and is started again.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        environment: Mapping[str, str],
        log: Path,
        on_death: Callable[[Part], None],
    ) -> None:
        self._parts, self._environment, self._log = parts, environment, log
        self._on_death = on_death
        self._kept: list[_Kept] = []

    def start(self) -> None:
        """Start the parts one after the other, each when the one before it answers.

        Raises:
            RunnerError: one does not come up.
        """
        for part in self._parts:
            kept = _Kept(part, self._started(part))
            self._kept.append(kept)
            deadline = time.monotonic() + START_SECONDS
            while not part.answers():
                self._look_after(kept)
                if time.monotonic() > deadline:
                    raise self._gone(part)
                time.sleep(LOOK_SECONDS)

    def keep(self) -> None:
        """Keep all parts running; returns only by an exception.

        Raises:
            RunnerError: one dies again and again.
        """
        while True:
            for kept in self._kept:
                self._look_after(kept)
            time.sleep(LOOK_SECONDS)

    def end(self) -> None:
        """End all parts, those that lean on others first, and wait until they have ended."""
        while self._kept:
            process = self._kept.pop().process
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()

    def _look_after(self, kept: _Kept) -> None:
        if kept.process.poll() is None:
            return
        now = time.monotonic()
        kept.deaths = [one for one in kept.deaths if now - one < WITHIN_SECONDS] + [now]
        if len(kept.deaths) > MOST_DEATHS:
            raise self._gone(kept.part)
        self._on_death(kept.part)
        if kept.process.stdin is not None:
            kept.process.stdin.close()
        time.sleep(len(kept.deaths) - 1)  # what it lacks may come back
        kept.process = self._started(kept.part)

    def _started(self, part: Part) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as words:
            return subprocess.Popen(
                part.command,
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=words,
                env={**os.environ, **self._environment, **part.environment},
                start_new_session=True,
            )

    def _gone(self, part: Part) -> RunnerError:
        return RunnerError(
            Bilingual(
                f"{part.name.th} เริ่มไม่ได้หรือหยุดเองซ้ำ ๆ", f"{part.name.en.capitalize()} does not stay up."
            ),
            Bilingual(f"สาเหตุอยู่ท้ายไฟล์ {self._log}", f"Why stands at the end of {self._log}."),
        )
