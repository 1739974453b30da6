"""Results of ten thousand submissions out of the store, and the letters of a round: seconds and memory of each form.

    python -m benchmarks.results_out [--submissions N] [--letters N]

Fills a store with made-up reviewed drafts and writes every form in a process of its own; then the letters of another store of
N (245) submissions with their workbook, as Word files and as PDFs.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import insert

from flows.commands.results.export import WRITERS
from pipeline.export.letters.letter_life import Desk
from pipeline.export.letters.letters_batch import write_letters
from pipeline.export.request import Request
from pipeline.intake.files import LocalFiles
from pipeline.reading import DEFAULT_LIMITS
from pipeline.store.database import Store
from pipeline.store.tables import (
    Delivery,
    Document,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    FindingRow,
    Review,
    ReviewPoint,
    Submission,
    User,
    now,
)
from rubric import load_rubric

RUBRIC = load_rubric("esa-2560-1.1")
TEXT = (
    "คณะทำงานติดตามแผนปฏิบัติการรายไตรมาสและโอนงบประมาณ 120,000 บาทไปยังโครงการอ่านออกเขียนได้ เมื่อวันที่ 12 มีนาคม 2565 "
    * 2
)
PASSAGES = 6


def fill(home: Path, count: int) -> None:
    """Fill the store of ``home``: six points, six passages a point, two findings and a finished review a submission."""
    store = Store.at(home)
    base = {
        "rubric": RUBRIC.name,
        "model": "m",
        "reader": "1",
        "office": "สพป.ศรีธารา เขต 2",
        "fiscal_year": 2565,
    }
    draft = {**base, "number": 1, "score": 3, "score_of_points": 3, "score_probabilities": {"3": 1.0}}
    with store.transaction() as session:
        session.add(User(id=1, name="malee", role="reviewer"))
        session.flush()
        for start in range(1, count + 1, 500):
            ids = range(start, min(start + 500, count + 1))
            keys = {n: hashlib.sha256(str(n).encode()).hexdigest() for n in ids}
            points = [(n, point) for n in ids for point in RUBRIC.numbers]
            session.execute(
                insert(Submission), [{"id": n, "name": f"s{n:05}", "state": "changed"} for n in ids]
            )
            session.execute(
                insert(Delivery),
                [{"id": n, "submission_id": n, "number": 1, "files_key": keys[n]} for n in ids],
            )
            session.execute(
                insert(Document),
                [
                    {
                        "id": n,
                        "delivery_id": n,
                        "position": 0,
                        "file": "report.pdf",
                        "sha256": keys[n],
                        "kind": "report",
                    }
                    for n in ids
                ],
            )
            session.execute(
                insert(DraftRow),
                [{"id": n, "submission_id": n, "delivery_id": n, "files_key": keys[n], **draft} for n in ids],
            )
            session.execute(
                insert(DraftPointRow),
                [
                    {"draft_id": n, "point": point, "done": True, "done_probability": 0.9, "clear": False,
                     "clear_probability": 0.4, "missing_facets": ["c"]}
                    for n, point in points
                ],
            )  # fmt: skip
            session.execute(
                insert(EvidenceRow),
                [
                    {"draft_id": n, "document_id": n, "point": point, "rank": rank, "block": rank, "page": rank,
                     "text": TEXT, "role": "practice", "facets": ["a"], "probability": 0.9, "boxes": [[1, 2, 3, 4]]}
                    for n, point in points
                    for rank in range(PASSAGES)
                ],
            )  # fmt: skip
            session.execute(
                insert(FindingRow),
                [
                    {
                        "draft_id": n,
                        "kind": "wrong_fiscal_year",
                        "message_th": TEXT,
                        "message_en": "x",
                        "quote": TEXT,
                    }
                    for n in (*ids, *ids)
                ],
            )
            session.execute(
                insert(Review),
                [
                    {
                        "id": n,
                        "submission_id": n,
                        "draft_id": n,
                        "user_id": 1,
                        "score": 3,
                        "finished_at": now(),
                    }
                    for n in ids
                ],
            )
            session.execute(
                insert(ReviewPoint),
                [{"review_id": n, "point": point, "state": "done", "note": TEXT} for n, point in points],
            )
    store.close()


def measure(home: Path, what: str, form: str) -> None:
    """Write one form and print what it took."""
    store = Store.at(home)
    started, out = time.perf_counter(), home / f"{what}.{form}"
    request = Request(rubric=RUBRIC, decided=what == "reviews")
    count = importlib.import_module(WRITERS[what, form]).write(store, out, request)
    taken, peak = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time()
    print(
        f"{what} {form}: {count} in {taken:.1f} s (CPU {cpu:.1f} s), {peak:.0f} MB, file {out.stat().st_size / 2**20:.0f} MB",
        flush=True,
    )


def measure_letters(home: Path, form: str) -> None:
    """Write the letters of all submissions and the workbook, and print what it took."""
    store = Store.at(home)
    started = time.perf_counter()
    request = Request(rubric=RUBRIC)
    desk = Desk(store, LocalFiles(home / "files"), request, DEFAULT_LIMITS, now())
    written = sum(one.error is None for one in write_letters(desk, home / form, form))
    importlib.import_module(WRITERS["reviews", "xlsx"]).write(store, home / "results.xlsx", request)
    taken = time.perf_counter() - started
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    peak = max(own.ru_maxrss, children.ru_maxrss) / 1024
    print(
        f"letters {form} and workbook: {written} in {taken:.1f} s (CPU {cpu:.1f} s), {peak:.0f} MB",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--submissions", type=int, default=10_000)
    options.add_argument(
        "--forms", nargs="*", default=[f"reviews:{form}" for form in ("xlsx", "csv", "json", "jsonl")]
    )
    options.add_argument("--letters", type=int, default=245)
    given = options.parse_args()
    jobs: list[tuple[int, Callable[..., None], list[tuple[str, ...]]]] = [
        (given.submissions, measure, [tuple(form.split(":")) for form in given.forms]),
        (given.letters, measure_letters, [("docx",), ("pdf",)]),
    ]
    for count, job, asked in jobs:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            if count:
                fill(home, count)
            for arguments in asked if count else ():
                process = multiprocessing.get_context("spawn").Process(target=job, args=(home, *arguments))
                process.start()
                process.join()


if __name__ == "__main__":
    main()
