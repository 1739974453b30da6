"""``khetcheck models``: which models there are, what is known of one, which is in use, and back again."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_store
from flows.settings import Settings
from flows.terminal import output
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.learning.promotions import Models
    from pipeline.store.database import Store

models = typer.Typer(
    help=tell("แบบจำลอง: รายการ รายละเอียด เลื่อนขึ้นใช้ ย้อนกลับ", "Models: list, show, promote, roll back."),
    no_args_is_help=True,
)
STATES = {
    "champion": Bilingual("ใช้อยู่", "in use"),
    "challenger": Bilingual("ยังไม่ได้ใช้", "not in use"),
    "kept_aside": Bilingual("เก็บไว้ ไม่ผ่านเกณฑ์", "kept aside"),
    "retired": Bilingual("เลิกใช้", "retired"),
}
ReasonOption = Annotated[str, typer.Option(help=tell("เหตุผล เก็บไว้ในประวัติ", "Why; kept in the history."))]
ModelArgument = Annotated[str, typer.Argument(help=tell("รหัสแบบจำลอง", "The model's id."))]


@models.command("list", help=tell("รายการแบบจำลองทั้งหมด", "All models."))
@takes_store
def list_(
    context: typer.Context,
    as_json: JsonOption = False,
) -> None:
    """List the models with their state."""
    from rich.table import Table

    from models.registry.registry import list_models
    from pipeline.review.web.dates import day

    with opened(context) as (settings, store):
        _models(settings, store).bring_all()
        states = _states(settings, store)
    entries = list_models(settings.home)
    if as_json:
        rows = [
            {
                "id": one.id,
                "created": one.created.isoformat(),
                "champion": one.champion,
                "bundled": one.bundled,
                "state": states.get(one.id, "challenger"),
                "figures": dict(one.figures),
            }
            for one in entries
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table()
    for heading in (tell("แบบจำลอง", "Model"), tell("ฝึกเมื่อ", "Trained"), tell("สถานะ", "State")):
        table.add_column(heading)
    for one in entries:
        state = STATES[states.get(one.id, "challenger")].told(LANGUAGE)
        from_us = tell(" (มากับโปรแกรม)", " (bundled)") if one.bundled else ""
        table.add_row(one.id + from_us, day(one.created, LANGUAGE), state)
    output().print(table)


@models.command(help=tell("รายละเอียดของแบบจำลองหนึ่ง", "What is known of a model."))
@takes_store
def show(
    context: typer.Context,
    model: ModelArgument,
    as_json: JsonOption = False,
) -> None:
    """Show a model's card and history."""
    from models.registry.registry import BUNDLED, model_path
    from pipeline.learning.bookkeeping import card_at, history
    from pipeline.review.web.dates import day_and_clock

    with opened(context) as (settings, store):
        _models(settings, store).bring_all()
        path = model_path(model, settings.home)
        card = card_at(path)
        with store.reading() as session:
            events = [
                {"at": one.at.isoformat(), "event": one.event, "th": one.reason_th, "en": one.reason_en}
                for one in history(session, "" if path == BUNDLED else path.name)
            ]
    if as_json:
        typer.echo(json.dumps({"card": card, "history": events}, ensure_ascii=False, indent=1))
        return
    for line in _card_lines(card):
        output().print(line, soft_wrap=True, markup=False)
    for event in events:
        when = day_and_clock(dt.datetime.fromisoformat(event["at"]), LANGUAGE)
        output().print(f"{when} {event['event']} {event[LANGUAGE]}", soft_wrap=True, markup=False)


def _card_lines(card: dict[str, object]) -> list[str]:
    """The card, one entry a line; tables of figures are indented."""
    lines = []
    for key, value in card.items():
        if isinstance(value, dict):
            lines.append(f"{key}:")
            lines += [f"  {name}: {json.dumps(one, ensure_ascii=False)}" for name, one in value.items()]
        elif key == "reasons" and isinstance(value, list):
            lines += [f"{key}: {one[LANGUAGE]}" for one in value]
        elif not isinstance(value, list):
            lines.append(f"{key}: {value}")
    return lines


@models.command(help=tell("นำแบบจำลองมาใช้", "Put a model into use."))
@takes_store
def promote(
    context: typer.Context,
    model: ModelArgument,
    reason: ReasonOption = "",
) -> None:
    """Put a model into use by hand."""
    with opened(context) as (settings, store):
        entry = _models(settings, store).promote(model, reason or "by hand", getpass.getuser())
        _note(settings, store, entry.id, "promoted", reason)
    _tell_used(entry.id)


@models.command(help=tell("กลับไปใช้แบบจำลองก่อนหน้า", "Go back to the model before."))
@takes_store
def rollback(
    context: typer.Context,
    reason: ReasonOption = "",
) -> None:
    """Go back; drafts made by the former model are shown again after the next screening."""
    with opened(context) as (settings, store):
        entry = _models(settings, store).rollback(reason or "by hand", getpass.getuser())
        _note(settings, store, entry.id, "rolled_back", reason)
    _tell_used(entry.id)


@models.command(help=tell("ร่างที่เปลี่ยนไปเมื่อเปลี่ยนแบบจำลอง", "What changed in drafts under a new model."))
@takes_store
def changes(
    context: typer.Context,
    as_json: JsonOption = False,
) -> None:
    """Show what changed between each current draft and the one before it by another model."""
    from pipeline.learning.changes import changed_drafts

    with opened(context) as (_, store), store.reading() as session:
        found = changed_drafts(session)
    if as_json:
        typer.echo(json.dumps([one.as_data() for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        output().print(f"{one.submission}: {one.told().told(LANGUAGE)}", soft_wrap=True, markup=False)
    changed = sum(one.score[0] != one.score[1] for one in found)
    output().print(
        tell(
            f"ร่างที่เทียบได้ {len(found)} ชุด คะแนนเปลี่ยน {changed} ชุด",
            f"{len(found)} drafts compared, {changed} scores changed.",
        )
    )


def _models(settings: Settings, store: Store) -> Models:
    """Return the models, this home following the store."""
    from pipeline.learning.promotions import Models

    models = Models(store, settings.kept.open(), settings.home)
    models.follow()
    return models


def _states(settings: Settings, store: Store) -> dict[str, str]:
    from sqlalchemy import select

    from pipeline.learning.bookkeeping import sync_models
    from pipeline.store.tables import ModelRow

    with store.transaction() as session:
        sync_models(session, settings.home, settings.rubric)
        return dict(session.execute(select(ModelRow.id, ModelRow.state)).all())


def _note(settings: Settings, store: Store, model: str, event: str, reason: str) -> None:
    from models.registry.registry import load_model
    from pipeline.learning.bookkeeping import note_event, sync_models
    from pipeline.learning.ordering.unknown_words import place_all_by

    with store.transaction() as session:
        sync_models(session, settings.home, settings.rubric)
        note_event(session, model, event, Bilingual(reason, reason))
    place_all_by(store, load_model(model, settings.home, quick=True))


def _tell_used(model: str) -> None:
    output().print(tell(f"แบบจำลองที่ใช้: {model}", f"Model in use: {model}"), soft_wrap=True)
