"""``khetcheck sources``: where submissions come from, whether it can be reached, and fetching without screening."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.context import opened, settings_of
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_store
from flows.settings import Settings
from flows.terminal import messages, output, say_error
from rubric.exceptions import KhetcheckError

if TYPE_CHECKING:
    from pipeline.intake.pulled import Submissions
    from pipeline.sources.pulling import Fetched
    from pipeline.sources.source import Source
    from pipeline.store.database import Store

SOME_FAILED = 1
sources = typer.Typer(
    help=tell("แหล่งเอกสาร: รายการ ตรวจสอบ ดึงไฟล์", "Sources of submissions: list, check, pull."),
    no_args_is_help=True,
)
NameArgument = Annotated[
    str | None,
    typer.Argument(help=tell("ชื่อแหล่ง ไม่ระบุคือทุกแหล่ง", "Name of a source; all of them where none is named.")),
]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a source answers.

    Attributes:
        submissions: how many can be taken now. new: how many of them hold anything that was not fetched yet.
        notes: what is there and was not taken, or is missing.
        fault: why it cannot be used.
    """

    name: str
    submissions: int = 0
    new: int = 0
    notes: tuple[str, ...] = ()
    fault: str = ""


@sources.command("list", help=tell("รายการแหล่งเอกสาร", "All sources."))
@takes_store
def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the sources; of their passwords only whether any is set."""
    import os

    from flows.opening.credentials import from_environment
    from flows.opening.inboxes import sources_file, sources_of

    settings = settings_of(context)
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "kind": one.kind,
            "address": one.address,
            "secrets": sorted(from_environment(one, os.environ)),
            "prefect_secret": one.prefect_secret,
        }
        for one in sources_of(settings).values()
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if not rows:
        file = sources_file(settings)
        output().print(tell(f"ยังไม่มีแหล่งเอกสารใน {file}", f"There are no sources in {file}."), soft_wrap=True)
    for row in rows:
        held = ", ".join(row["secrets"]) or row["prefect_secret"] or tell("ไม่มี", "none")
        secrets = tell(f"ความลับที่ตั้งไว้: {held}", f"secrets set: {held}")
        output().print(f"{row['name']}  {row['kind']}  {row['address']}  ({secrets})", soft_wrap=True)


@sources.command(
    help=tell("ลองเปิดแหล่งเอกสาร และบอกว่ามีอะไรใหม่", "Try to reach sources, and tell what is new.")
)
@takes_store
def check(context: typer.Context, name: NameArgument = None, as_json: JsonOption = False) -> None:
    """Fetch no document; exit status 1 where a source cannot be used."""
    with opened(context) as (settings, store):
        checked = [_checked(settings, one, store) for one in _chosen(settings, name)]
    if as_json:
        rows = [
            {
                "name": one.name,
                "submissions": one.submissions,
                "new": one.new,
                "notes": one.notes,
                "fault": one.fault,
            }
            for one in checked
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for one in checked:
            output().print(_line(one), soft_wrap=True)
            for note in one.notes:
                output().print(f"  ! {note}", soft_wrap=True)
    if any(one.fault for one in checked):
        raise typer.Exit(SOME_FAILED)


@sources.command(help=tell("ดึงไฟล์ใหม่มาเก็บไว้ โดยยังไม่ตรวจ", "Fetch what is new, and screen nothing yet."))
@takes_store
def pull(context: typer.Context, name: NameArgument = None) -> None:
    """Fetch; safe to run again, also after a crash. Exit status 1 where anything could not be fetched."""
    from pipeline.sources.pulling import pull_all
    from pipeline.store.known_files import StoredFiles

    failed = False
    with opened(context) as (settings, store):
        for source in _chosen(settings, name):
            try:
                with _reached(settings, source, store) as reached:
                    done = pull_all(reached, settings.kept.open(), StoredFiles(store), _tell_each)
            except KhetcheckError as error:
                if name is not None:
                    raise
                say_error(error)  # the other sources go on
                failed = True
                continue
            output().print(_closing(source.name, done), soft_wrap=True)
            for note in reached.left_alone:
                output().print(f"! {note.told(LANGUAGE)}", soft_wrap=True)
            failed = failed or any(one.outcome == "failed" for one in done)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _chosen(settings: Settings, name: str | None) -> list[Source]:
    from flows.opening.inboxes import sources_file, sources_of
    from pipeline.sources.source import find_source

    known = sources_of(settings)
    return list(known.values()) if name is None else [find_source(known, name, sources_file(settings))]


@contextlib.contextmanager
def _reached(settings: Settings, source: Source, store: Store) -> Iterator[Submissions]:
    from flows.opening.inboxes import open_named

    with contextlib.closing(open_named(settings, source, store)) as reached:
        yield reached


def _checked(settings: Settings, source: Source, store: Store) -> Checked:
    from pipeline.sources.pulling import new_of
    from pipeline.store.known_files import StoredFiles

    try:
        with _reached(settings, source, store) as reached:
            names = reached.submissions()
            new = new_of(reached, names, StoredFiles(store), settings.kept.open())
            return Checked(
                source.name, len(names), len(new), tuple(note.told(LANGUAGE) for note in reached.left_alone)
            )
    except KhetcheckError as error:
        return Checked(source.name, fault=error.told(LANGUAGE))


def _line(one: Checked) -> str:
    if one.fault:
        return f"✗ {one.name}: {one.fault}"
    return f"✓ {one.name}: " + tell(
        f"{one.submissions} ชุด ใหม่หรือเปลี่ยนไป {one.new} ชุด",
        f"{one.submissions} submissions, {one.new} new or changed",
    )


def _tell_each(one: Fetched) -> None:
    if one.why is not None:
        messages().print(f"✗ {one.submission}: {one.why.told(LANGUAGE)}", soft_wrap=True)


def _closing(name: str, done: list[Fetched]) -> str:
    fetched = [one for one in done if one.outcome == "fetched"]
    failed = sum(one.outcome == "failed" for one in done)
    known, size = len(done) - len(fetched) - failed, sum(one.size for one in fetched) / 1e6
    return f"{name}: " + tell(
        f"ดึงใหม่ {len(fetched)} ชุด ({size:.1f} MB) มีอยู่แล้ว {known} ชุด ไม่สำเร็จ {failed} ชุด",
        f"{len(fetched)} fetched ({size:.1f} MB), {known} were here already, {failed} failed.",
    )
