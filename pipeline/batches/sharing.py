"""Screening a list of submissions that other runs screen as well: each is done by one, and all are heard of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.batches.batch import BatchRun
from pipeline.batches.item import Item

Screening = Callable[[Sequence[str]], Iterable[tuple[str, Item | None]]]
"""Puts submissions through :meth:`BatchRun.screen`, in whatever threads or tasks, and gives each back with its answer."""


def shared(run: BatchRun, names: Sequence[str], screen: Screening) -> Iterator[Item]:
    """Yield what becomes of each submission as it is known, whoever did it.

    What others have in hand is put aside until the rest is done. Then it is watched: what they finish is told, and what
    they let go of, since they were stopped or died, is screened here.

    Raises:
        BatchStopped: the run was told to end.
    """
    free, aside = list(names), set[str]()
    while free:
        for name, item in screen(free):
            if item is not None:
                yield item
            else:
                aside.add(name)
        free = []
        while aside and not free:
            done, free = run.watch(aside)
            yield from done
            aside -= {item.submission for item in done} | set(free)
