"""``khetcheck drift``: is the newest batch like the ones before?"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_store
from flows.terminal import output
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

ALARM = 1


@takes_store
def drift(
    context: typer.Context,
    batch: Annotated[
        int | None, typer.Option(help=tell("รอบที่ดู (ปกติคือรอบล่าสุด)", "Batch (the newest)."), show_default=False)
    ] = None,
    reference: Annotated[
        list[int] | None,
        typer.Option(
            help=tell("รอบอ้างอิง (ปกติคือรอบก่อนทั้งหมด)", "Reference batches (all before)."), show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare a batch with a reference; exit status 1 where something rings: the answer to "is it alike" is no."""
    from sqlalchemy import func, select

    from flows.opening.models_in_use import model_in_use
    from models.scoring.vocabulary import known_words
    from pipeline.learning.drift import drift_of
    from pipeline.store.tables import DraftRow

    with opened(context) as (settings, store), store.reading() as session:
        chosen = batch or session.scalar(select(func.max(DraftRow.batch_id)))
        if chosen is None:
            raise NotFoundError(
                Bilingual("ยังไม่มีรอบการตรวจ", "There is no batch yet."),
                Bilingual("สั่ง khetcheck screen ก่อน", "Run khetcheck screen first."),
            )
        words = known_words(model_in_use(settings, store, quick=True))
        found = drift_of(session, chosen, reference or (), words)
    if as_json:
        rows = [
            {
                "name": one.name,
                "share": one.share,
                "before": one.before,
                "chance": one.chance,
                "alarm": one.alarm,
                "th": one.told().th,
                "en": one.told().en,
            }
            for one in found.figures
        ]
        typer.echo(
            json.dumps(
                {"batch": found.batch, "reference": found.reference, "drafts": found.drafts, "figures": rows},
                ensure_ascii=False,
                indent=1,
            )
        )
    elif not found.reference:
        output().print(
            tell(
                f"รอบที่ {found.batch} เป็นรอบแรก ยังไม่มีรอบก่อนให้เทียบ",
                f"Batch {found.batch} is the first: there is nothing to compare it with yet.",
            )
        )
    else:
        for one in found.figures:
            mark, style = ("!", "bold red") if one.alarm else (" ", "")
            output().print(f"{mark} {one.told().told(LANGUAGE)}", style=style, soft_wrap=True, markup=False)
        if not found.alarms:
            output().print(tell("ไม่พบสิ่งที่ต่างจากเดิมอย่างมีนัยสำคัญ", "Nothing differs beyond chance and by much."))
    if found.alarms:
        raise typer.Exit(ALARM)
