"""Whether the review page ever loses a letter or decides by accident: seeded rounds of typing on a bad network.

Each round types Thai or English by real key codes (Kedmanee or Latin layout) into one field of the page, while answers
come 0, 300 or 2,000 ms late, are lost or fail; half of the rounds load the page anew in the middle. It prints what went
wrong in each round, and exits with 1 where anything did.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from pipeline.store.database import Store
from tests.pipeline.review.browser.typist import KINDS, Round, disagreed, entered
from tests.pipeline.review.conftest import CHROMIUM, people, running
from tests.pipeline.review.samples import store_case

ROUNDS = 50


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--first", type=int, default=1, help="seed of the first round")
    given = options.parse_args(arguments)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("Chromium is needed.")
        return 2
    faults: list[str] = []
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(contextlib.closing(Store.at(home)))
        people(store)
        served = stack.enter_context(running(home, store))
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=program, args=CHROMIUM
        )
        stack.callback(browser.close)
        split = disagreed(served)
        for seed in range(given.first, given.first + given.rounds):
            kind = KINDS[seed % len(KINDS)]
            begun = time.monotonic()
            with contextlib.closing(browser.new_context(viewport={"width": 1366, "height": 768})) as profile:
                page = entered(profile, served, "wanida" if kind == "reason" else "malee")
                case = split if kind == "reason" else store_case(store, home, f"round{seed}")
                found = Round(seed, kind, page, served.url, store, case).play()
            print(
                f"{seed:3} {kind:15} {time.monotonic() - begun:5.1f} s  {'; '.join(found) or 'nothing lost'}",
                flush=True,
            )
            faults += found
    print(f"{given.rounds} rounds, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
