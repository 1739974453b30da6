"""``khetcheck export``: drafts and results of reviews out of the store, in the forms that others use.

Forms register here by name; each is a module of ``pipeline.export`` that writes one file.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, cast

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import takes_store
from flows.terminal import messages, say
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.export.request import Request
    from pipeline.store.database import Store

WRITERS = {
    ("drafts", "json"): "pipeline.export.drafts_json",
    ("drafts", "jsonl"): "pipeline.export.drafts_jsonl",
    ("drafts", "xlsx"): "pipeline.export.results_workbook",
    ("drafts", "csv"): "pipeline.export.results_csv",
    ("reviews", "json"): "pipeline.export.results_json",
    ("reviews", "jsonl"): "pipeline.export.results_jsonl",
    ("reviews", "xlsx"): "pipeline.export.results_workbook",
    ("reviews", "csv"): "pipeline.export.results_csv",
    ("drafts", "label-studio"): "pipeline.annotation.label_studio",
    ("reviews", "label-studio"): "pipeline.annotation.label_studio",
    ("drafts", "prodigy"): "pipeline.annotation.prodigy",
    ("reviews", "prodigy"): "pipeline.annotation.prodigy",
    ("drafts", "argilla"): "pipeline.annotation.argilla",
    ("reviews", "argilla"): "pipeline.annotation.argilla",
}
"""What and form -> module with a function ``write(store, out, request)``."""
FORMATS = tuple(dict.fromkeys(form for _, form in WRITERS))
ENDINGS = {"label-studio": "json", "prodigy": "jsonl", "argilla": "jsonl"}
"""Ending of a form's file where it is not the form's name."""
WHAT = tuple(dict.fromkeys(what for what, _ in WRITERS))


class Writer(Protocol):
    """What a form's module offers."""

    def write(self, store: Store, out: Path, request: Request) -> int:
        """Write ``out`` and return how many submissions are in it."""
        ...


@takes_store
def export(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            help=tell(
                "ไฟล์ปลายทาง หรือโฟลเดอร์", "File to write, or a folder that gets a file of its own name."
            ),
        ),
    ],
    what: Annotated[
        str,
        typer.Option(
            "--what",
            help=tell(
                "drafts ร่างทั้งหมด | reviews เฉพาะที่ตรวจเสร็จ", "drafts: all drafts | reviews: what was reviewed."
            ),
        ),
    ] = "drafts",
    format: Annotated[str, typer.Option("--format", help=" | ".join(FORMATS))] = "json",
    submission: Annotated[
        str | None,
        typer.Option(help=tell("เฉพาะชุดเอกสารนี้", "This submission only."), show_default=False),
    ] = None,
    batch: Annotated[
        int | None,
        typer.Option("--batch", help=tell("เฉพาะรอบนี้", "This batch only."), show_default=False),
    ] = None,
) -> None:
    """Write drafts or results of reviews to a file."""
    _check("--what", what, WHAT)
    _check("--format", format, FORMATS)
    from rich.progress import Progress

    from pipeline.export.request import Request
    from pipeline.export.whole_file import place_of
    from rubric import load_rubric

    writer = cast(Writer, importlib.import_module(WRITERS[what, format]))
    place = place_of(
        out, f"khetcheck-{what}" + (f"-{submission}" if submission else ""), f".{ENDINGS.get(format, format)}"
    )
    shown = Progress(console=messages(), transient=True, disable=not messages().is_terminal)
    with opened(context) as (settings, store), shown:
        task = shown.add_task(place.name, total=None)
        request = Request(
            rubric=load_rubric(settings.rubric),
            language=LANGUAGE,
            submission=submission,
            batch=batch,
            decided=what == "reviews",
            progress=lambda written, of: shown.update(task, completed=written, total=of),
        )
        count = writer.write(store, place, request)
    said = Bilingual("ร่าง", "drafts") if what == "drafts" else Bilingual("ผลการตรวจ", "reviewed submissions")
    say(Bilingual(f"เขียน{said.th} {count} ชุดลง {place} แล้ว", f"Wrote {count} {said.en} to {place}."))


def _check(option: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise SettingsError(
            Bilingual(f"ไม่รู้จัก {option} {given}", f"Unknown {option} {given}."),
            Bilingual(f"ที่มี: {', '.join(known)}", f"There are: {', '.join(known)}."),
        )
