"""``khetcheck backup`` and ``khetcheck restore``: a copy while work goes on, and proof that it can be brought back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from flows.context import opened, settings_of
from flows.language import tell
from flows.options import takes_store
from flows.terminal import say
from rubric.language import Bilingual

INCOMPLETE = 1
MIB = 1 << 20


@takes_store
def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help=tell("โฟลเดอร์ของสำเนา", "Folder of the backup."))],
) -> None:
    """Write a backup, or bring an earlier one up to date."""
    from pipeline.upkeep.backing_up import back_up

    with opened(context) as (settings, store):
        set_here = {name: value for name, value in os.environ.items() if name.startswith("KHETCHECK_")}
        made = back_up(
            store,
            settings.kept,
            folder.expanduser().resolve(),
            set_here,
            sources=Path(settings.sources).expanduser() if settings.sources else None,
        )
    files = sum(one.path.startswith("files/") for one in made.files)
    rows, size = sum(made.tables.values()), made.bytes // MIB
    say(
        Bilingual(
            f"สำรองแล้วที่ {folder}: {rows:,} แถว {files:,} ไฟล์ {size:,} MiB",
            f"Backed up to {folder}: {rows:,} rows, {files:,} files, {size:,} MiB.",
        )
    )
    for digest in made.missing:
        say(
            Bilingual(
                f"ไฟล์ {digest[:12]}… ที่ฐานข้อมูลอ้างถึงหายหรือเสียหาย จึงไม่อยู่ในสำเนา สั่ง screen กับโฟลเดอร์เดิมเพื่อดึงใหม่",
                f"The file {digest[:12]}…, which the database names, is gone or damaged; screen its inbox again.",
            ),
            "yellow",
        )
    if made.missing:
        raise typer.Exit(INCOMPLETE)


@takes_store
def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help=tell("โฟลเดอร์ของสำเนา", "Folder of the backup."))],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help=tell(
                "กู้คืนทับของเดิม โดยย้ายของเดิมไว้ข้าง ๆ ก่อน", "Also where something is; it is put aside first."
            ),
        ),
    ] = False,
) -> None:
    """Bring a backup back, and prove it."""
    from pipeline.upkeep.restoring import restore as restore_from

    settings = settings_of(context)
    done = restore_from(folder.expanduser().resolve(), settings.kept, settings.store, replace=replace)
    when = f"{done.manifest.made_at:%Y-%m-%d %H:%M}"
    say(
        Bilingual(
            f"กู้คืนและตรวจสอบแล้ว: {done.rows:,} แถว {done.files:,} ไฟล์ จากสำเนาเมื่อ {when} UTC",
            f"Restored and proved: {done.rows:,} rows, {done.files:,} files, of the backup of {when} UTC.",
        )
    )
    if done.aside is not None:
        say(Bilingual(f"ของเดิมอยู่ที่ {done.aside}", f"What was there lies at {done.aside}."), "yellow")
    say(
        Bilingual(
            "รหัสผ่านและกุญแจของแหล่งข้อมูลไม่อยู่ในสำเนา ตั้งใหม่ (ดู settings.json และ sources/ ในสำเนา) ผู้ใช้ต้องเข้าสู่ระบบใหม่",
            "Passwords and keys of sources are in no backup: set them anew (settings.json, sources/). Users log in again.",
        ),
        "dim",
    )
