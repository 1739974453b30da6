"""``khetcheck letters``: which letters there are, which are out of date, and a template to start one's own from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.results.letter import STATES
from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_language, takes_store
from flows.terminal import output, say
from rubric.language import Bilingual

letters = typer.Typer(
    no_args_is_help=True, help=tell("หนังสือแจ้งผลที่เขียนไว้ และแม่แบบ", "Letters that were written, and templates.")
)


@letters.command(
    "list",
    help=tell("รายการหนังสือ สถานะ และฉบับที่ไม่ตรงกับปัจจุบัน", "All letters, their states, which are out of date."),
)
@takes_store
def list_(
    context: typer.Context,
    submission: Annotated[
        str | None, typer.Argument(help=tell("เฉพาะชุดเอกสารนี้", "This submission only."), show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List letters with their states; a frozen one that no longer holds says why."""
    from pipeline.export.letters.letter_list import listed
    from pipeline.export.request import Request
    from rubric import load_rubric

    with opened(context) as (settings, store):
        request = Request(rubric=load_rubric(settings.rubric), language=LANGUAGE, submission=submission)
        entries = listed(store, request)
    if as_json:
        data = [entry.as_data() for entry in entries]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    if not entries:
        say(Bilingual("ยังไม่มีหนังสือ", "There are no letters yet."))
        return
    from rich.table import Table

    table = Table(box=None)
    heads = (
        ("ชุดเอกสาร", "Submission"), ("ฉบับ", "Letter"), ("สถานะ", "State"), ("คะแนน", "Score"), ("ขอเพิ่ม", "Asks"),
        ("วันที่", "Date"), ("ไม่ตรงกับปัจจุบัน", "Out of date"),
    )  # fmt: skip
    for head in heads:
        table.add_column(tell(*head))
    for one in entries:
        why = "; ".join(reason.told(LANGUAGE) for reason in one.stale)
        state = STATES[one.state].told(LANGUAGE)
        score = "–" if one.score is None else str(one.score)
        day = one.date.astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(one.submission, str(one.number), state, score, str(one.asks), day, why)
    output().print(table)


@letters.command(
    "template", help=tell("เขียนแม่แบบเริ่มต้นให้แก้ใน Word", "Write a template to start one's own from.")
)
@takes_language
def template(
    out: Annotated[Path, typer.Option("--out", help=tell("ไฟล์ .docx", "A .docx file."))],
) -> None:
    """Write the built-in paper as a Word file: change its styles, add a letterhead, and name it with --template."""
    from pipeline.export.letters.paper.template import NEEDED, PLACE, write_starter
    from pipeline.export.whole_file import place_of

    place = place_of(out, "แม่แบบหนังสือ", ".docx")
    write_starter(place)
    say(
        Bilingual(
            f"เขียนแม่แบบลง {place} แล้ว หนังสือจะอยู่ตรง {PLACE} สไตล์ที่ต้องมี: {', '.join(NEEDED)}",
            f"Wrote a template to {place}. The letter takes the place of {PLACE}; styles needed: {', '.join(NEEDED)}.",
        )
    )
