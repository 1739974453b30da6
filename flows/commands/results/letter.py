"""``khetcheck letter``: the letter back to an office, as Word file or PDF."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from flows.context import opened
from flows.language import tell
from flows.options import takes_store
from flows.terminal import say
from rubric.language import Bilingual


@takes_store
def letter(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(help=tell("รหัสชุดเอกสาร", "The submission."))],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            help=tell("ไฟล์ .docx หรือ .pdf หรือโฟลเดอร์", "File (.docx or .pdf), or a folder for a .docx."),
        ),
    ],
) -> None:
    """Write the letter to an office: what was found, what is missing per point, what to send."""
    from pipeline.export.letters.letter_file import write_letter
    from pipeline.export.request import Request
    from pipeline.export.whole_file import place_of
    from rubric import load_rubric

    place = place_of(out, f"หนังสือแจ้งผล-{submission}", ".docx")
    with opened(context) as (settings, store):
        request = Request(rubric=load_rubric(settings.rubric), submission=submission)
        made = write_letter(store, place, request, dt.datetime.now(dt.UTC), settings.limits)
    asks = len(made.asks)
    say(
        Bilingual(
            f"เขียนหนังสือลง {place} แล้ว ขอเพิ่ม {asks} ข้อ",
            f"Wrote the letter to {place}; it asks for {asks} things.",
        )
    )
    if not made.decided:
        say(
            Bilingual(
                "ยังไม่มีใครตรวจเสร็จ หนังสือจึงเป็นร่าง",
                "Nobody has finished reviewing it, so the letter is a draft.",
            ),
            "yellow",
        )
