"""``khetcheck status``: what is stored, what waits, what failed and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_store
from flows.terminal import output

if TYPE_CHECKING:
    from pipeline.store.work.batches import Status

STATES = {
    "received": tell("รับไว้แล้ว ยังไม่ได้ตรวจ", "received"),
    "failed": tell("ตรวจไม่สำเร็จ", "failed"),
    "draft": tell("มีร่าง รอผู้ตรวจ", "drafted, waiting for a reviewer"),
    "opened": tell("ผู้ตรวจเปิดแล้ว", "opened by a reviewer"),
    "confirmed": tell("ยืนยันตามร่าง", "confirmed"),
    "changed": tell("ผู้ตรวจแก้ไข", "changed by a reviewer"),
    "adjudicated": tell("ชี้ขาดแล้ว", "adjudicated"),
}


@takes_store
def status(
    context: typer.Context,
    as_json: JsonOption = False,
) -> None:
    """Tell what is stored, what waits, what failed and why."""
    from pipeline.store.work.batches import status as status_of

    with opened(context) as (_, store), store.reading() as session:
        found = status_of(session)
        where = store.where
    typer.echo(_json(found, where)) if as_json else _show(found, where)


def _json(found: Status, where: str) -> str:
    failures = [
        {"submission": one.submission, "code": one.code, "th": one.th, "en": one.en} for one in found.failures
    ]
    data = {
        "store": where,
        "submissions": found.submissions,
        "states": found.states,
        "scores": {str(score): count for score, count in found.drafts.items()},
        "needs_attention": found.attention,
        "failures": failures,
        "interrupted_batches": found.interrupted,
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _show(found: Status, where: str) -> None:
    from pipeline.review.web.dates import day_and_clock

    console = output()
    console.print(tell(f"ฐานข้อมูล: {where}", f"Database: {where}"), soft_wrap=True)
    console.print(tell(f"ชุดเอกสารทั้งหมด: {found.submissions}", f"Submissions: {found.submissions}"))
    for state, told in STATES.items():
        if count := found.states.get(state):
            console.print(f"  {told}: {count}")
    if found.drafts:
        scores = ", ".join(
            tell(f"{score} คะแนน {count} ชุด", f"score {score}: {count}")
            for score, count in found.drafts.items()
        )
        console.print(tell(f"คะแนนร่าง: {scores}", f"Draft scores: {scores}"), soft_wrap=True)
        console.print(tell(f"ควรดูก่อน: {found.attention} ชุด", f"Needing attention: {found.attention}"))
    for failure in found.failures:
        why = failure.th if LANGUAGE == "th" else failure.en
        console.print(f"✗ {failure.submission}: {why}", style="red", soft_wrap=True, markup=False)
    if found.last is not None:
        when = day_and_clock(found.last.started_at, LANGUAGE)
        console.print(
            tell(f"ตรวจครั้งล่าสุด: {when} จาก {found.last.inbox}", f"Last run: {when} over {found.last.inbox}"),
            soft_wrap=True,
        )
    if found.interrupted:
        console.print(
            tell(
                f"มี {found.interrupted} รอบที่ยังไม่จบ (กำลังทำงานหรือถูกหยุดกลางคัน) สั่ง screen ซ้ำเพื่อทำต่อ",
                f"{found.interrupted} runs have not ended (still going, or stopped in mid-work); run screen again.",
            ),
            soft_wrap=True,
        )
