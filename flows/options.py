"""Options that commands share.

Home, store and language may stand before or after the command's name. A command takes them by a decorator and has no
parameters for them: what was given is kept with the call, and :mod:`flows.context` makes settings of it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import typer

from flows.language import tell

Command = TypeVar("Command", bound=Callable[..., None])


def _keep(context: typer.Context, option: typer.CallbackParam, value: Any) -> None:
    """Keep an option with the call; one after the command's name overrides one before it."""
    if value is not None:
        context.obj = {**(context.obj or {}), str(option.name): value}


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help=tell(
            "โฟลเดอร์เก็บฐานข้อมูล ไฟล์ และแบบจำลอง (KHETCHECK_HOME)",
            "Folder of the database, files and models (KHETCHECK_HOME).",
        ),
        show_default=False,
        callback=_keep,
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
        callback=_keep,
    ),
]
FilesOption = Annotated[
    str | None,
    typer.Option(
        "--files",
        help=tell(
            "ที่เก็บไฟล์อื่น เช่น s3://… ที่หลายเครื่องใช้ร่วมกัน (KHETCHECK_FILES)",
            "Another place of files, e.g. s3://…, that several machines share (KHETCHECK_FILES).",
        ),
        show_default=False,
        callback=_keep,
    ),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        help=tell("ภาษา: th หรือ en (KHETCHECK_LANG)", "Language: th or en (KHETCHECK_LANG)."),
        show_default=False,
        callback=_keep,
    ),
]

JsonOption = Annotated[bool, typer.Option("--json", help=tell("แสดงเป็น JSON", "Print JSON."))]


def takes_store(command: Command) -> Command:
    """Give a command ``--home``, ``--store``, ``--files`` and ``--lang``."""
    return _with(command, home=HomeOption, store=StoreOption, files=FilesOption, lang=LangOption)


def takes_language(command: Command) -> Command:
    """Give a command that touches no store ``--lang``."""
    return _with(command, lang=LangOption)


def _with(command: Command, **options: Any) -> Command:
    """Return the command with these options in the signature that the command line is built from."""

    @functools.wraps(command)
    def without(*args: Any, **given: Any) -> None:
        command(*args, **{name: value for name, value in given.items() if name not in options})

    signature = inspect.signature(command, eval_str=True)
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in options.items()
    ]
    parameters = [*signature.parameters.values(), *shared]
    without.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return cast(Command, without)
