"""How long the page of all findings takes with tens of thousands of them: the first page, a later one, filters.

python -m benchmarks.all_findings [--findings 80000] [--url postgresql+psycopg://…]

Makes a store of made-up submissions (those of ``benchmarks.review``), each with findings, some dismissed, some made no
longer, and asks for pages as the page itself does, without the network. CPU seconds are those of this process, so on
PostgreSQL the wall time tells more.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from sqlalchemy import insert, select, text

from benchmarks.review import many_cases
from pipeline.drafts import FindingKind
from pipeline.findings.finding_keys import Identity
from pipeline.review.people.users import Person, add_user
from pipeline.review.results.findings_list import FindingsFilter, load_findings
from pipeline.review.results.kept_findings import KeptFindings
from pipeline.store.database import Store
from pipeline.store.tables import (
    Document,
    DraftRow,
    FindingAct,
    FindingRow,
    KnownFinding,
    Review,
    Submission,
    User,
    now,
)

EACH = 8
"""Findings of one submission."""
DISMISSED, GONE = 0.05, 0.1
KINDS = get_args(FindingKind)
ASKED = {
    "first page": FindingsFilter(),
    "page 500": FindingsFilter(page=500),
    "one kind": FindingsFilter(kind=KINDS[1]),
    "dismissed": FindingsFilter(state="dismissed"),
    "fixed": FindingsFilter(state="fixed"),
    "one office": FindingsFilter(office="สพป.ตัวอย่าง12 เขต 3"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--findings", type=int, default=80_000)
    options.add_argument("--url", help="another database than an SQLite file of its own; it must be empty")
    given = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as room:
        store = Store.at(Path(room), given.url)
        many_cases(store, given.findings // EACH)
        with store.transaction() as session:
            add_user(session, "lead", "benchmark-0000", "lead")
            person = Person.of(session.scalars(select(User).where(User.name == "lead")).one())
        many_findings(store)
        for name, wanted in ASKED.items():
            shown(name, asked(store, person, wanted))
        with store.transaction() as session:
            session.add(FindingAct(**act_on(session.scalars(select(KnownFinding).limit(1)).one())))
        shown("after an act", asked(store, person, FindingsFilter(), 1))
        shown("a new process", asked(store, person, FindingsFilter(), 1, KeptFindings()))
        store.close()


KEPT = KeptFindings()


def shown(name: str, took: Sequence[tuple[float, float]]) -> None:
    print(f"{name:14}" + "  ".join(f"{wall:6.2f} s ({cpu:5.2f} CPU)" for wall, cpu in took))


def asked(
    store: Store, person: Person, wanted: FindingsFilter, times: int = 3, kept: KeptFindings = KEPT
) -> list[tuple[float, float]]:
    """Wall and CPU seconds of asking a few times for one page."""
    found = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        with store.reading() as session:
            load_findings(session, person, wanted, kept)
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return found


def many_findings(store: Store) -> None:
    """Give each draft its findings; one in ten known ones is made no longer, one in twenty was dismissed."""
    chance = random.Random(8)
    with store.transaction() as session:
        files = dict(
            session.execute(select(Document.delivery_id, Document.sha256).where(Document.position == 0)).all()
        )
        made, known, acts = [], [], []
        for draft in session.scalars(select(DraftRow)):
            for at in range(EACH):
                identity = Identity(f"{draft.id}-{at}".rjust(64, "0"), files[draft.delivery_id])
                same = {
                    "key": identity.key,
                    "stem": identity.stem,
                    "content": identity.content,
                    "kind": chance.choice(KINDS),
                    "point": chance.randint(1, 6),
                    "page": at,
                    "message_th": "ข้อความ",
                    "message_en": "a message",
                    "quote": f"ข้อความที่พบ {draft.id} {at} ในรายงานผลการดำเนินงาน",
                    "certainty": "likely",
                }
                known.append({**same, "submission_id": draft.submission_id, "draft_id": draft.id})
                if chance.random() >= GONE:
                    made.append({**same, "draft_id": draft.id})
                if chance.random() < DISMISSED:
                    acts.append(act_on(KnownFinding(**known[-1])))
        reviews = [
            {
                "draft_id": draft,
                "submission_id": case,
                "user_id": 1,
                "kind": "first",
                "state": "confirmed",
                "finished_at": now(),
            }
            for draft, case in session.execute(
                select(DraftRow.id, Submission.id)
                .join(Submission, Submission.id == DraftRow.submission_id)
                .where(Submission.state == "confirmed")
            )
        ]
        session.execute(insert(Review), reviews)
        session.execute(insert(FindingRow), made)
        session.execute(insert(KnownFinding), known)
        session.execute(insert(FindingAct), acts)
        session.execute(text("ANALYZE"))


def act_on(known: KnownFinding) -> dict[str, object]:
    """A dismissal of a finding."""
    copied = ("submission_id", "stem", "content", "key", "kind", "point", "quote")
    return {name: getattr(known, name) for name in copied} | {
        "what": "dismissed",
        "reason": "in_order",
        "note": "",
        "who": "lead",
        "at": now(),
    }


if __name__ == "__main__":
    main()
