"""A small store of reviewed submissions, with texts that try to be more than text."""

import datetime as dt
from pathlib import Path

from sqlalchemy import select, update

from pipeline.store.database import Store
from pipeline.store.tables import (
    BlockRow,
    Document,
    DraftRow,
    EvidenceRow,
    Review,
    ReviewEvidence,
    ReviewPoint,
    Submission,
    User,
)
from tests.pipeline.review.samples import RUBRIC, store_case

FORMULA = '=HYPERLINK("http://evil.example","คลิก")'
CALL = "@SUM(1+1)*cmd|' /C calc'!A0"
MINUS = "-2+3 หน้าที่ขาด"
CONTROL = "ควบคุม\x0bและ\x01จบ"
EMOJI = "ดีมาก 👍🏽 ก็ได้"
FINISHED = dt.datetime(2026, 11, 22, 20, 15, tzinfo=dt.UTC)


def people(store: Store) -> dict[str, int]:
    with store.transaction() as session:
        made = [
            User(name=name, display_name=shown, role="reviewer")
            for name, shown in (("malee", "มาลี"), ("som", FORMULA))
        ]
        session.add_all(made)
        session.flush()
        return {one.name: one.id for one in made}


def fill(store: Store, home: Path) -> None:
    """Three submissions: s01 decided, s02 disputed, s03 a draft only."""
    users = people(store)
    for name in ("s01", "s02", "s03"):
        store_case(store, home, name, office=FORMULA if name == "s03" else f"สพป.ศรีธารา เขต {name[-1]}")
    read(
        store,
        "s01",
        users["malee"],
        "first",
        {1: "clear", 2: "clear", 3: "clear", 4: "clear", 5: "done", 6: "done"},
        4 - 1,
    )
    read(store, "s02", users["malee"], "first", dict.fromkeys(range(1, 7), "clear"), 5)
    read(store, "s02", users["som"], "second", dict.fromkeys(range(1, 7), "done"), 1)


def read(
    store: Store, name: str, user: int, kind: str, levels: dict[int, str], score: int, **notes: str
) -> int:
    """Store a finished review; the notes try to be formulas."""
    with store.transaction() as session:
        submission = session.scalars(select(Submission).where(Submission.name == name)).one()
        draft = session.scalars(
            select(DraftRow).where(DraftRow.submission_id == submission.id, DraftRow.current)
        ).one()
        review = Review(
            submission_id=submission.id, draft_id=draft.id, user_id=user, kind=kind, state="changed",
            score=score, seconds=750.0, note=FORMULA, finished_at=FINISHED,
        )  # fmt: skip
        session.add(review)
        session.flush()
        told = {1: CALL, 2: MINUS, 3: CONTROL, 4: EMOJI, 5: "-", 6: "ยาว" * 20_000}
        session.add_all(
            ReviewPoint(
                review_id=review.id, point=point, state=levels[point], confirmed=True, note=told[point]
            )
            for point in RUBRIC.numbers
        )
        document = session.scalars(select(Document).where(Document.delivery_id == draft.delivery_id)).first()
        assert document is not None
        refused = session.scalars(
            select(EvidenceRow).where(EvidenceRow.draft_id == draft.id, EvidenceRow.point == 1)
        ).first()
        assert refused is not None
        quote = "รายงานผลการดำเนินงานเสนอที่ประชุมผู้บริหารสถานศึกษาเมื่อวันที่ 14 ตุลาคม 2565"
        block = session.scalars(
            select(BlockRow).where(
                BlockRow.reading_id == document.reading_id, BlockRow.text.like(f"{quote}%")
            )
        ).one()
        session.add_all(
            [
                ReviewEvidence(
                    review_id=review.id, point=1, evidence_id=refused.id, document_id=document.id, verdict="bad", page=1,
                    quote=refused.text,
                ),
                ReviewEvidence(
                    review_id=review.id, point=6, document_id=document.id, block=block.position, verdict="added",
                    facets=["a"], page=block.page, quote=quote,
                ),
            ]
        )  # fmt: skip
        session.execute(
            update(Submission).where(Submission.id == submission.id).values(state="changed", round=12)
        )
        return review.id
