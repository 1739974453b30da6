"""Undo and redo say what they did, by the act that they were about."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from pipeline.store.tables import EvidenceRow
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import store_case


class Hand:
    """Somebody who acts on a case, one act after another."""

    def __init__(self, client: httpx.Client, case: int) -> None:
        self.client, self.case, self.acts, self.seen = client, case, 0, 0

    def send(self, path: str, **body: Any) -> dict[str, Any]:
        self.acts += 1
        mark, seen = ("", {"seen": self.seen}) if path == "acts" else ("u", {})
        answer = self.client.post(
            f"/cases/{self.case}/{path}", json={"act_id": f"aaaaaaaa.{mark}{self.acts}", **seen, **body}
        )
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        self.seen = told.get("version", self.seen)
        return told


@pytest.fixture
def hand(served: Running) -> Hand:
    return Hand(served.client("malee"), store_case(served.store, served.home, "d01"))


def test_undo_and_redo_name_the_act(served: Running, hand: Hand) -> None:
    with served.store.reading() as session:
        shown = session.scalars(select(EvidenceRow.id).where(EvidenceRow.point == 3)).first()
    acts = [
        ({"kind": "point", "point": 2, "value": {"state": "clear"}}, "ประเด็น 2 ชัดเจน"),
        ({"kind": "note", "point": 4, "value": {"text": "ดูหน้า 3"}}, "บันทึกของประเด็น 4"),
        (
            {"kind": "evidence", "point": 3, "evidence": shown, "value": {"verdict": "bad"}},
            "หลักฐานของประเด็น 3 ไม่ใช่",
        ),
        ({"kind": "skip", "value": {"reason": "รอ"}}, "ข้ามกรณี"),
    ]
    for act, _ in acts:
        hand.send("acts", **act)
    for _, said in reversed(acts):
        assert hand.send("undo")["told"] == f"ย้อนแล้ว: {said}"
    for _, said in acts:
        assert hand.send("redo")["told"] == f"ทำซ้ำแล้ว: {said}"


def test_what_was_undone_in_another_case_is_told_with_the_way_there(served: Running, hand: Hand) -> None:
    hand.send("acts", kind="point", point=1, value={"state": "done"})
    other = store_case(served.store, served.home, "d02")
    answer = hand.client.post(f"/cases/{other}/undo", json={"act_id": "aaaaaaaa.u9"}).json()
    assert answer == {"go": f"/cases/{hand.case}", "told": "ย้อนแล้ว: ประเด็น 1 มีการดำเนินการ"}
