"""``khetcheck verify``: a letter held against the kept files and the store, sentence by sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.results.letter import STATES
from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_store
from flows.terminal import say
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.export.letters.verifying import Verdict

UNKNOWN = Bilingual("ไม่อยู่ในฐานข้อมูลนี้", "not in this store")


@takes_store
def verify(
    context: typer.Context,
    letter: Annotated[Path, typer.Argument(help=tell("หนังสือ .docx หรือ .pdf", "A letter, .docx or .pdf."))],
    reread: Annotated[
        bool,
        typer.Option("--reread", help=tell("อ่านไฟล์ของสำนักงานใหม่ด้วย", "Also read the office's files anew.")),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell whether a letter is as it was written and whether its sentences stand where it says they do."""
    from pipeline.export.letters.verifying import verify_letter
    from pipeline.export.request import Request
    from rubric import load_rubric

    with opened(context) as (settings, store):
        request = Request(rubric=load_rubric(settings.rubric), language=LANGUAGE)
        files = settings.kept.open()
        verdict = verify_letter(store, files, letter, request, settings.limits, reread=reread)
    if as_json:
        typer.echo(json.dumps(_data(verdict), ensure_ascii=False, indent=1))
    else:
        _tell(verdict)
    if not verdict.holds:
        raise typer.Exit(3 if verdict.missing else 1)


def _tell(verdict: Verdict) -> None:
    for fault in verdict.faults:
        say(Bilingual(f"✗ {fault.message.th}", f"✗ {fault.message.en}"), "red")
    if verdict.submission:
        state = STATES.get(verdict.state, UNKNOWN)
        count, wrong = verdict.checked, len({fault.sentence for fault in verdict.faults if fault.sentence})
        say(
            Bilingual(
                f"หนังสือฉบับที่ {verdict.number} ของ {verdict.submission} ({state.th}) ตรวจ {count} ข้อความ ไม่ตรง {wrong} ข้อความ",
                f"Letter {verdict.number} of {verdict.submission} ({state.en}): {count} sentences checked, {wrong} do not hold.",
            ),
            "" if verdict.holds else "bold red",
        )
    for reason in verdict.stale:
        say(
            Bilingual(f"หนังสือไม่ตรงกับข้อมูลปัจจุบัน: {reason.th}", f"The letter is out of date: {reason.en}."),
            "yellow",
        )


def _data(verdict: Verdict) -> dict[str, object]:
    return {
        "holds": verdict.holds,
        "submission": verdict.submission,
        "number": verdict.number,
        "state": verdict.state or None,
        "sentences": verdict.checked,
        "faults": [
            {"code": one.code, "sentence": one.sentence or None, "th": one.message.th, "en": one.message.en}
            for one in verdict.faults
        ],
        "out_of_date": [{"th": reason.th, "en": reason.en} for reason in verdict.stale],
    }
