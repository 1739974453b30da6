"""``khetcheck report``: what a batch adds up to, as a page or a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import takes_store
from flows.terminal import say
from rubric.language import Bilingual


@takes_store
def report(
    context: typer.Context,
    batch: Annotated[int, typer.Option("--batch", help=tell("รอบที่", "The batch."))],
    out: Annotated[
        Path,
        typer.Option(
            "--out", help=tell("ไฟล์ .html หรือ .pdf หรือโฟลเดอร์", "File (.html or .pdf), or a folder.")
        ),
    ],
) -> None:
    """Write the report of a batch."""
    from pipeline.export.report.batch_report import write_report
    from pipeline.export.request import Request
    from pipeline.export.whole_file import place_of
    from rubric import load_rubric

    place = place_of(out, f"รายงานรอบที่-{batch}", ".html")
    with opened(context) as (settings, store):
        request = Request(rubric=load_rubric(settings.rubric), language=LANGUAGE, batch=batch)
        figures = write_report(store, place, request, settings.limits)
    say(
        Bilingual(
            f"เขียนรายงานรอบที่ {batch} ({figures.submissions} ชุด ตัดสินแล้ว {figures.decided} ชุด) ลง {place} แล้ว",
            f"Wrote the report of batch {batch} ({figures.submissions} submissions, {figures.decided} decided) to {place}.",
        )
    )
