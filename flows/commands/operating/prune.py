"""``khetcheck prune``: drop what nobody needs any more. Never a reviewed thing."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from flows.context import opened
from flows.language import tell
from flows.options import takes_store
from flows.terminal import output, say
from rubric.language import Bilingual

MIB = 1 << 20
LEAST_DAYS = 1


@takes_store
def prune(
    context: typer.Context,
    older_than: Annotated[
        int,
        typer.Option(
            "--older-than",
            min=LEAST_DAYS,
            help=tell("เก่ากว่ากี่วัน", "Older than so many days."),
            show_default=False,
        ),
    ],
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=tell("บอกว่าจะลบอะไร โดยไม่ลบ", "Tell what would go; remove nothing.")),
    ] = False,
) -> None:
    """Remove superseded drafts, old readings, unused files and the orchestrator's old runs."""
    from flows.commands.operating.prefect_runs import old_runs
    from pipeline.upkeep.pruning import give_room_back
    from pipeline.upkeep.pruning import prune as pruned_of

    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=older_than)
    with opened(context) as (settings, store):
        gone = pruned_of(store, settings.kept, before, dry=dry_run)
        if not dry_run and gone.drafts + gone.readings:
            give_room_back(store)
        runs = old_runs(settings.home, before, dry=dry_run)
    rows = [
        Bilingual(
            f"ร่างที่มีร่างใหม่กว่าแทนแล้ว และไม่มีใครตรวจ: {gone.drafts:,}",
            f"drafts that newer ones replaced and nobody reviewed: {gone.drafts:,}",
        ),
        Bilingual(
            f"ผลการอ่านที่ไม่มีใครใช้: {gone.readings:,} ({gone.blocks:,} ข้อความ)",
            f"readings that nothing uses: {gone.readings:,} ({gone.blocks:,} passages)",
        ),
        Bilingual(f"ไฟล์ที่ไม่มีใครอ้างถึง: {gone.files:,}", f"files that nothing names: {gone.files:,}"),
        Bilingual(
            f"ผล OCR ภาพหน้า และสำเนาเก่า: {gone.leftovers:,}",
            f"results of OCR, page pictures, old copies: {gone.leftovers:,}",
        ),
        Bilingual(f"ไฟล์รวม {gone.bytes / MIB:,.1f} MiB", f"files in all: {gone.bytes / MIB:,.1f} MiB"),
    ]
    if runs is not None:
        rows.append(Bilingual(f"ประวัติงานใน Prefect: {runs:,}", f"runs in Prefect's history: {runs:,}"))
    for row in rows:
        output().print(tell(row.th, row.en), soft_wrap=True)
    say(Bilingual("ยังไม่ได้ลบอะไร", "Nothing was removed.") if dry_run else Bilingual("ลบแล้ว", "Removed."))
