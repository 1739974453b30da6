"""Makes the set, lets the detectors run over it, and prints recall and precision a kind."""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.findings import rounds
from benchmarks.findings.files import hidden_text, seen_text
from benchmarks.findings.making import YEAR
from benchmarks.findings.planted import KINDS, Case
from pipeline.findings.detecting import find_all
from rubric import load_rubric

GOAL = 0.90
RUBRIC = load_rubric("esa-2560-1.1")
MAKES: dict[str, tuple[Callable[[random.Random], Case | rounds.Round], ...]] = {
    **KINDS,
    "hidden_text": (hidden_text, seen_text),
    **rounds.KINDS,
}
TOLD_AS = {"same_file_between": "same_file"}
"""The kind of finding, where it is another word than the kind of case."""
GOES_WITH = {("missing_document", "partly_unreadable"), ("wrong_fiscal_year", "promised_absent")}
"""Cases of the first are rightly cases of the second as well."""


@dataclass
class Counted:
    """What became of the cases of one kind."""

    planted: int = 0
    found: int = 0
    near: int = 0
    near_told: int = 0
    elsewhere: int = 0

    @property
    def recall(self) -> float:
        """Share of planted cases that were told."""
        return self.found / self.planted if self.planted else 0.0

    @property
    def precision(self) -> float:
        """Share of what was told, in this kind's cases and in all others, that was planted."""
        told = self.found + self.near_told + self.elsewhere
        return self.found / told if told else 0.0


def told(case: Case | rounds.Round) -> Counter[str]:
    """Return how many findings of each kind are made of a case."""
    if isinstance(case, rounds.Round):
        return case.told()
    found = find_all(case.documents(), RUBRIC, case.maker.office.name, YEAR, (), months=case.round)
    return Counter(one.kind for one in found)


def measure(seed: int, each: int, only: str | None, show: bool) -> dict[str, Counted]:
    """Make ``each`` planted cases and near misses of every kind and count."""
    counted = {kind: Counted() for kind in MAKES}
    for kind, makes in MAKES.items():
        if only not in (None, kind):
            continue
        for number, (make, planted) in enumerate(zip(makes, (True, False), strict=True)):
            for at in range(each):
                case = make(random.Random(f"{seed}:{kind}:{number}:{at}"))
                wrong = _count(counted, kind, told(case), planted)
                if show and wrong:
                    print(f"-- {kind}, {'planted' if planted else 'near miss'} {at}: {', '.join(wrong)}")
    return counted


def _count(counted: dict[str, Counted], kind: str, kinds: Counter[str], planted: bool) -> list[str]:
    """Count one case; returns what went wrong with it."""
    own, name = counted[kind], TOLD_AS.get(kind, kind)
    is_told = kinds[name] > 0
    if planted:
        own.planted += 1
        own.found += is_told
    else:
        own.near += 1
        own.near_told += is_told
    others = {
        other
        for other in kinds
        if other not in ("", name) and other in counted and (kind, other) not in GOES_WITH
    }
    for other in others:
        counted[other].elsewhere += 1
    return [*(["missed" if planted else "told"] if is_told != planted else []), *sorted(others)]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--kind", choices=sorted(MAKES))
    parser.add_argument("--show", action="store_true", help="name the cases that went wrong")
    asked = parser.parse_args()
    started = time.monotonic()
    counted = measure(asked.seed, asked.each, asked.kind, asked.show)
    print(
        f"{'kind':20} {'planted':>8} {'recall':>7} {'near':>6} {'told':>5} {'elsewhere':>10} {'precision':>10}"
    )
    for kind, one in counted.items():
        if one.planted:
            flag = "" if min(one.recall, one.precision) >= GOAL else "  below"
            print(
                f"{kind:20} {one.planted:8} {one.recall:7.2f} {one.near:6} {one.near_told:5} {one.elsewhere:10} "
                f"{one.precision:10.2f}{flag}"
            )
    print(f"seed {asked.seed}, {asked.each} of each, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
