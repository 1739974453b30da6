"""``khetcheck changes``: what changed since a submission's last delivery, and what of the last letter was answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened
from flows.language import tell
from flows.options import takes_store
from flows.terminal import say
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.deliveries.since_last import Changes

STATES = {
    "same": Bilingual("เหมือนเดิม", "same"),
    "moved": Bilingual("ย้ายหรือเปลี่ยนชื่อ", "moved"),
    "changed": Bilingual("แก้ไข", "changed"),
    "edited": Bilingual("แก้ไข", "edited"),
    "new": Bilingual("ใหม่", "new"),
    "kept": Bilingual("คงเดิม", "kept"),
    "gone": Bilingual("หายไป", "gone"),
}


@takes_store
def changes(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(help=tell("รหัสชุดเอกสาร", "The submission."))],
    json_: Annotated[bool, typer.Option("--json", help=tell("พิมพ์เป็น JSON", "Print JSON."))] = False,
) -> None:
    """Tell what changed since the last delivery: files, evidence by point, asks of the last letter."""
    from sqlalchemy import select

    from pipeline.deliveries.since_last import changes_of
    from pipeline.export.delivery_changes import as_json
    from pipeline.store.tables import DraftRow, Submission

    with opened(context) as (_, store), store.snapshot() as session:
        row = session.scalar(
            select(DraftRow)
            .join(Submission, Submission.id == DraftRow.submission_id)
            .where(Submission.name == submission, DraftRow.current)
        )
        if row is None:
            raise NotFoundError(
                Bilingual(f"ไม่มีร่างของ {submission}", f"There is no draft of {submission}."),
                Bilingual("ดูรายชื่อด้วย khetcheck status", "See khetcheck status."),
            )
        found = changes_of(session, row)
    if json_:
        typer.echo(json.dumps(as_json(found), ensure_ascii=False, indent=1))
    elif found is None:
        say(Bilingual("ยังมีการส่งครั้งเดียว", "There is one delivery only."))
    else:
        _tell(found)


def _tell(found: Changes) -> None:
    say(
        Bilingual(
            f"การส่งครั้งที่ {found.after} เทียบกับครั้งที่ {found.before}",
            f"Delivery {found.after} beside delivery {found.before}",
        )
    )
    for file in found.files:
        state = STATES[file.state]
        former = f" ← {file.before}" if file.before else ""
        say(Bilingual(f"  {state.th}: {file.name}{former}", f"  {state.en}: {file.name}{former}"))
    for one in found.passages:
        if one.state != "kept":
            state, passage = STATES[one.state], one.passage
            where = f"{passage.document}" + (f":{passage.page}" if passage.page else "")
            words = passage.text[:100]
            say(
                Bilingual(
                    f"  ประเด็นที่ {passage.point} {state.th} ({where}): {words}",
                    f"  point {passage.point} {state.en} ({where}): {words}",
                )
            )
    for answer in found.answers:
        mark = "✓" if answer.found else "✗"
        answered = Bilingual("มีคำตอบ", "answered") if answer.found else Bilingual("ยังไม่พบ", "not found")
        say(
            Bilingual(
                f"  {mark} ข้อ {answer.ask.number} {answered.th}: {answer.ask.text}",
                f"  {mark} ask {answer.ask.number} {answered.en}: {answer.ask.text}",
            )
        )
