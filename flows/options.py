"""Options that every command takes, before or after the command's name: home, store, language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.language import tell

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help=tell(
            "โฟลเดอร์เก็บฐานข้อมูล ไฟล์ และแบบจำลอง (KHETCHECK_HOME)",
            "Folder of the database, files and models (KHETCHECK_HOME).",
        ),
        show_default=False,
    ),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help=tell(
            "ที่อยู่ฐานข้อมูลอื่น เช่น postgresql+psycopg://… (KHETCHECK_STORE)",
            "Address of another database, e.g. postgresql+psycopg://… (KHETCHECK_STORE).",
        ),
        show_default=False,
    ),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        help=tell("ภาษา: th หรือ en (KHETCHECK_LANG)", "Language: th or en (KHETCHECK_LANG)."),
        show_default=False,
    ),
]


def merged(context: typer.Context, **options: Any) -> dict[str, Any]:
    """Return the options given before the command, overridden by those given after it."""
    return {**(context.obj or {}), **{key: value for key, value in options.items() if value is not None}}
