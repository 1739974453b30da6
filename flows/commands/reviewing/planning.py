"""``khetcheck next``, ``urgent``, ``undecided`` and ``forecast``: what to review next, when to stop, what a batch will cost."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_store
from flows.terminal import output
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from flows.settings import Settings
    from pipeline.store.database import Store

BatchOption = Annotated[
    int | None,
    typer.Option(help=tell("เฉพาะรอบนี้", "This batch only."), show_default=False),
]
NOT_YET = 1


@takes_store
def next_(
    context: typer.Context,
    count: Annotated[int, typer.Option(min=1, help=tell("จำนวนที่แสดง", "How many to show."))] = 10,
    refresh: Annotated[
        bool, typer.Option("--refresh", help=tell("จัดลำดับใหม่ก่อน", "Make the order of work anew first."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what to review next, and why: the order of work as the review page has it."""
    from pipeline.learning.ordering.places import next_reviews

    with opened(context) as (settings, store):
        if refresh:
            _order_anew(store, settings)
        with store.reading() as session:
            places = next_reviews(session, count)
    if as_json:
        rows = [
            {"submission": one.name, "reason": one.reason, "errors": one.errors, "minutes": one.minutes}
            for one in places
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for number, one in enumerate(places, 1):
        why = one.message.told(LANGUAGE)
        output().print(f"{number:3}. {one.name}  {why}", soft_wrap=True, markup=False)
    if not places:
        output().print(tell("ไม่มีอะไรรอตรวจ", "Nothing waits for a review."))


@takes_store
def urgent(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help=tell(
                "ชื่อชุดเอกสาร ถ้าไม่ระบุจะแสดงที่ทำเครื่องหมายไว้", "Submissions; without any, those marked are listed."
            ),
        ),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help=tell("ยกเลิกเร่งด่วน", "Take the mark away."))] = False,
) -> None:
    """Mark submissions as urgent, so that they stand first in the order of work."""
    from pipeline.learning.ordering.places import place_all
    from pipeline.learning.ordering.urgency import mark_urgent, urgent_names

    with opened(context) as (_, store):
        if names:
            with store.transaction() as session:
                mark_urgent(session, names, urgent=not off)
            place_all(store)
        with store.reading() as session:
            marked = sorted(urgent_names(session))
    for name in marked:
        output().print(name, soft_wrap=True, markup=False)
    if not marked:
        output().print(tell("ไม่มีชุดใดเร่งด่วน", "Nothing is marked as urgent."))


@takes_store
def undecided(
    context: typer.Context,
    target: Annotated[
        float,
        typer.Option(min=0, max=1, help=tell("ส่วนที่ยอมให้ผิดได้", "Share that may be wrong.")),
    ] = 0.1,
    what: Annotated[
        str, typer.Option(help=tell("score หรือ points", "score: wrong score; points: any point wrong."))
    ] = "score",
    batch: BatchOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how many of the undecided drafts are wrong at most; exit status 1 while that is more than the target."""
    from pipeline.learning.stopping import current_statement

    if what not in ("score", "points"):
        raise SettingsError(
            Bilingual(f"ไม่รู้จัก {what}", f"Unknown: {what}."),
            Bilingual("ใช้ score หรือ points", "Use score or points."),
        )
    with opened(context) as (_, store), store.reading() as session:
        said = current_statement(session, what, batch=batch)  # type: ignore[arg-type]
    stop = said.may_stop(target)
    if as_json:
        typer.echo(
            json.dumps({**asdict(said), "share": said.share, "may_stop": stop}, ensure_ascii=False, indent=1)
        )
    else:
        output().print(said.told().told(LANGUAGE), soft_wrap=True)
        output().print(
            tell("หยุดตรวจได้ตามเกณฑ์", "Reviewing may stop by this target.")
            if stop
            else tell(
                "ยังหยุดไม่ได้ ตรวจต่อตามลำดับของ khetcheck next", "Not yet: go on in the order of khetcheck next."
            )
        )
    if not stop:
        raise typer.Exit(NOT_YET)


@takes_store
def forecast(
    context: typer.Context,
    threshold: Annotated[
        float, typer.Option(min=0.34, max=1, help=tell("ผ่านเองเมื่อมั่นใจเท่านี้", "Points pass at this sureness."))
    ] = 0.95,
    batch: BatchOption = None,
    keep: Annotated[
        bool, typer.Option("--keep", help=tell("จดคำสัญญาไว้กับรอบนี้", "Write the promise down with the batch."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Forecast hours and errors; of a batch with a promise, also what really came."""
    from pipeline.learning.forecast import came_true, forecast_batch, keep_forecast

    with opened(context) as (_, store), store.transaction() as session:
        said = forecast_batch(session, threshold, batch)
        if keep and batch is not None:
            keep_forecast(session, batch, said)
        came = came_true(session, batch) if batch is not None else None
    if as_json:
        outcome = {"checked": came.checked, "wrong": came.wrong, "hours": came.hours} if came else None
        typer.echo(json.dumps({"forecast": asdict(said), "came": outcome}, ensure_ascii=False, indent=1))
        return
    output().print(said.told().told(LANGUAGE), soft_wrap=True)
    if not said.timed:
        output().print(
            tell(
                "(เวลาเป็นค่าประมาณตั้งต้น ยังไม่มีเวลาที่วัดจริง)",
                "(Hours by a plain assumption; no times were measured yet.)",
            )
        )
    if came is not None:
        output().print(came.told().told(LANGUAGE), soft_wrap=True)


def _order_anew(store: Store, settings: Settings) -> None:
    """Count words that the model in use does not know where nobody has, and make the order of work."""
    from flows.opening.models_in_use import model_in_use
    from pipeline.learning.ordering.unknown_words import place_all_by

    place_all_by(store, model_in_use(settings, store, quick=True))
