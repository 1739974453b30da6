"""How quickly the review page answers: the queue of ten thousand, a case with a 250-page PDF, twenty reviewers at once.

Runs the page as its users do (``khetcheck review`` in a process of its own, on loopback) on a store made for the
purpose, and prints a table and, with ``--json``, the figures. Everything it makes lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
from sqlalchemy import insert, select, text

from pipeline.learning.ordering.places import place_all
from pipeline.review.people.users import add_user
from pipeline.store.database import Store
from pipeline.store.tables import Delivery, Document, DraftPointRow, DraftRow, Submission
from tests.pipeline.review.samples import RUBRIC, pdf_document, store_case

PASSWORD = "benchmark-0000"
REVIEWERS = 20
CASES = 10_000
PAGES = 250
MOST_EVIDENCE = 40  # of one point; the draft of a whole volume has fewer
SECONDS = 20.0
BETWEEN_ACTS = (0.5, 1.5)
"""Seconds between two acts of one reviewer; real ones take many times as long."""


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", type=Path, help="write the figures here")
    options.add_argument("--cases", type=int, default=CASES)
    options.add_argument("--pages", type=int, default=PAGES)
    options.add_argument("--seconds", type=float, default=SECONDS)
    given = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as room:
        home = Path(room)
        store = Store.at(home)
        many_cases(store, given.cases)
        place_all(store)
        big = big_case(store, home, given.pages)
        busy = [store_case(store, home, f"busy{at:02}") for at in range(REVIEWERS)]
        with store.transaction() as session:
            for at in range(REVIEWERS):
                add_user(session, f"reader{at:02}", PASSWORD, "reviewer")
        store.close()
        with served(home) as url:
            figures = {**queue_times(url), **case_times(url, big), **act_times(url, busy, given.seconds)}
    report(figures)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1), "utf-8")


def many_cases(store: Store, count: int) -> None:
    """Fill the store with drafted submissions of made-up offices."""
    chance = random.Random(7)
    with store.transaction() as session:
        for at in range(count):
            area = f"ตัวอย่าง{at // 9}"
            session.add(
                Submission(
                    name=f"s{at:05}",
                    office=f"สำนักงานเขตพื้นที่การศึกษาประถมศึกษา{area} เขต {at % 9 + 1}",
                    office_key=f"สพป.{area} {at % 9 + 1}",
                    fiscal_year=2565,
                    state=chance.choice(["draft"] * 4 + ["confirmed"]),
                )
            )
        session.flush()
        ids = list(session.scalars(select(Submission.id)))
        session.execute(
            insert(Delivery),
            [{"submission_id": i, "number": 1, "files_key": f"{i:064}", "declared": {}} for i in ids],
        )
        deliveries = dict(session.execute(select(Delivery.submission_id, Delivery.id)).all())
        files = ("แผน {at:05}.pdf", "รายงาน {at:05}.docx")
        session.execute(
            insert(Document),
            [
                {
                    "delivery_id": deliveries[i],
                    "position": at,
                    "file": name.format(at=i),
                    "kind": "other",
                    "sha256": f"{i}.{at}",
                    "outcome": {},
                }
                for i in ids
                for at, name in enumerate(files)
            ],
        )
        drafts = []
        for i in ids:
            score = chance.randint(1, 5)
            sure = chance.uniform(0.3, 0.95)
            spread = {str(s): (sure if s == score else (1 - sure) / 4) for s in range(1, 6)}
            reasons = chance.sample(
                ["near_cut", "unsure_point", "contradiction", "ocr_only"], chance.randint(0, 3)
            )
            told = [{"code": code, "message": {"th": code, "en": code}, "point": None} for code in reasons]
            drafts.append(
                {
                    "submission_id": i,
                    "delivery_id": deliveries[i],
                    "files_key": f"{i:064}",
                    "rubric": RUBRIC.name,
                    "model": "m",
                    "reader": "1",
                    "number": 1,
                    "current": True,
                    "score": score,
                    "score_of_points": score,
                    "score_probabilities": spread,
                    "attention": told,
                    "confidence": sure,
                    "needs": len(told),
                    "abstained": chance.random() < 0.1,
                }
            )
        session.execute(insert(DraftRow), drafts)
        points = [
            {
                "draft_id": draft,
                "point": number,
                "done": True,
                "done_probability": 0.9,
                "clear": number % 2 == 0,
                "clear_probability": 0.5,
            }
            for draft in session.scalars(select(DraftRow.id))
            for number in RUBRIC.numbers
        ]
        session.execute(insert(DraftPointRow), points)
        session.execute(text("ANALYZE"))


def big_case(store: Store, home: Path, pages: int) -> int:
    """A case whose report is a PDF of many pages: the pages of a printed one, over and over."""
    import pikepdf

    from pipeline.reading import read_file

    printed = pdf_document(home, "few.pdf", 5)
    (home / "few.pdf").write_bytes(printed.content)
    with pikepdf.open(home / "few.pdf") as few, pikepdf.new() as whole:
        while len(whole.pages) < pages:
            whole.pages.extend(few.pages)
        whole.save(home / "many.pdf")
    reading = replace(read_file(home / "many.pdf", ocr=False), file="many.pdf")
    sent = replace(printed, reading=reading, content=(home / "many.pdf").read_bytes())
    return store_case(store, home, "big", documents=[sent], most=MOST_EVIDENCE)


@contextlib.contextmanager
def served(home: Path) -> Iterator[str]:
    """Run the page in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "flows.cli", "--home", str(home), "review", "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ})
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(240):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{url}/login", timeout=5)
                break
            time.sleep(0.25)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def login(url: str, at: int) -> httpx.Client:
    """A client of one reviewer, with the token that its acts carry."""
    client = httpx.Client(base_url=url, timeout=60)
    token = token_in(client.get("/login").text)
    client.post("/login", data={"csrf": token, "name": f"reader{at:02}", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = token_in(client.get("/preferences").text)
    return client


def token_in(page: str) -> str:
    found = re.search(r'name="csrf" content="([0-9a-f]+)"', page)
    assert found
    return found[1]


def timed(client: httpx.Client, path: str) -> float:
    """Milliseconds until a page was answered in full."""
    start = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return 1000 * (time.perf_counter() - start)


def queue_times(url: str) -> dict[str, float]:
    client = login(url, 0)
    first = timed(client, "/")
    pages = {
        "queue": "/",
        "queue by office": "/?order=office",
        "queue search": "/?search=สพป.ตัวอย่าง12 เขต ๓",
        "queue by reason": "/?reason=near_cut&page=3",
        "queue by province": "/?order=province&way=down",
        "queue by reader": "/?order=reader",
        "queue of decided": "/?state=decided",
        "queue search, a file": "/?search=แผน 04321.pdf",
        "queue search, a text": "/?where=text&search=ผู้ติดตาม 15,420",
    }
    return {"queue, first time": first} | {
        name: statistics.median(timed(client, path) for _ in range(7)) for name, path in pages.items()
    }


def case_times(url: str, case: int) -> dict[str, float]:
    client = login(url, 1)
    cold = timed(client, f"/cases/{case}")
    page = client.get(f"/cases/{case}").text
    picture = re.search(r'<img src="(/documents/\d+/pages/\d+/110\.webp[^"]*)"', page)
    assert picture
    first = timed(client, picture[1])
    warm = statistics.median(timed(client, f"/cases/{case}") for _ in range(7))
    sheet = statistics.median(
        timed(client, f"/cases/{case}/documents/{_document(page)}/sheets/{at * 9 + 2}") for at in range(9)
    )
    return {
        "case, cold": cold,
        "first page picture, cold": first,
        "case, warm": warm,
        "another page of it": sheet,
        "page picture, kept": timed(client, picture[1]),
    }


def act_times(url: str, cases: Sequence[int], seconds: float) -> dict[str, float]:
    """Twenty reviewers at once, each on a case of their own, each act answered with its cards."""
    clients = [login(url, at) for at in range(REVIEWERS)]
    took: list[float] = []
    until = time.monotonic() + seconds

    def work(at: int) -> None:
        chance, number = random.Random(at), 0
        time.sleep(chance.uniform(0, 1))
        while time.monotonic() < until:
            number += 1
            state = chance.choice(["not_done", "done", "clear"])
            body = {
                "kind": "point",
                "point": chance.choice(RUBRIC.numbers),
                "value": {"state": state},
                "seen": 10**6,
                "act_id": f"{at:08x}.{number}",
            }
            start = time.perf_counter()
            answer = clients[at].post(f"/cases/{cases[at]}/acts", json=body)
            took.append(1000 * (time.perf_counter() - start))
            assert answer.status_code == 200, answer.text
            time.sleep(chance.uniform(*BETWEEN_ACTS))

    threads = [threading.Thread(target=work, args=(at,)) for at in range(REVIEWERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(took, n=20)
    return {
        "acts": float(len(took)),
        "act, median": statistics.median(took),
        "act, 95th percentile": cuts[18],
    }


def _document(page: str) -> str:
    found = re.search(r'id="sheet"[^>]*data-document="(\d+)"', page)
    assert found
    return found[1]


def report(figures: dict[str, float]) -> None:
    """Print the figures with the bounds that the page promises."""
    bounds = {
        "queue": 300,
        "queue by office": 300,
        "queue search": 300,
        "queue by reason": 300,
        "queue by province": 300,
        "queue by reader": 300,
        "queue of decided": 300,
        "queue search, a file": 300,
        "queue search, a text": 500,
        "case, cold": 300,
        "case, warm": 150,
        "first page picture, cold": 1000,
        "act, 95th percentile": 400,
    }
    for name, value in figures.items():
        bound = f"  (promised: under {bounds[name]} ms)" if name in bounds else ""
        unit = "" if name == "acts" else " ms"
        print(f"{name:28}{value:8.0f}{unit}{bound}")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"processors: {os.cpu_count()}, load of the machine: {load:.1f}")


if __name__ == "__main__":
    main()
