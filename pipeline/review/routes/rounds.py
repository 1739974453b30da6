"""Rounds of screening: the list, one round with its progress, failures and changes; starting and stopping (leads)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.review.cases.blind import Hidings
from pipeline.review.queue.row_notes import copies_in
from pipeline.review.rounds.aftermath import (
    CHANGES,
    changes_of,
    failures_of,
    unchanged_of,
    unread_counts,
    unread_of,
)
from pipeline.review.rounds.overview import any_under_way, folder_of, load_round, load_rounds
from pipeline.review.rounds.running import asked_of
from pipeline.review.rounds.starting import folder_inbox, source_inbox, start_round
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Id, Member, Visitor, demand, form_writer_of
from pipeline.uploads.laying_out import left_out_of
from pipeline.uploads.mending import SentFile, files_of
from rubric.exceptions import KhetcheckError

router = APIRouter(include_in_schema=False)
Writing = Annotated[Visitor, Depends(form_writer_of)]


@router.get("/rounds")
def rounds_page(
    request: Request,
    context: ContextOf,
    visitor: Member,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """Show all rounds; leads may start one."""
    with context.store.reading() as work:
        rounds, pages = load_rounds(work, context.runner, number)
        done = [one.batch for one in rounds if one.batch and not one.under_way]
        unread = unread_counts(work, done, Hidings(work, visitor.known).hides) if done else {}
    screening = context.runner.screening
    return page(
        request,
        visitor,
        "rounds.html",
        rounds=rounds,
        unread=unread,
        number=min(number, pages),
        pages=pages,
        under_way=any_under_way(rounds),
        may_start=visitor.known.is_at_least("lead") and bool(screening.command),
        may_folder=bool(screening.roots) or (context.single_user and screening.any_folder),
        screening=screening,
        limits=context.receiving.limits,
    )


@router.get("/rounds/{round_id}")
def round_page(request: Request, context: ContextOf, visitor: Member, round_id: Id) -> Response:
    """Show how one round stands; the page asks again while it runs."""
    lead = visitor.known.is_at_least("lead")
    with context.store.reading() as work:
        view = load_round(work, context.runner, round_id)
        failures = failures_of(work, view.batch) if view.batch else []
        hidings = Hidings(work, visitor.known)
        is_kept = hidings.hides
        done = view.batch if not view.under_way else None
        changes = changes_of(work, done, is_kept) if done else None
        unread = unread_of(work, done, is_kept) if done else []
        same = unchanged_of(work, done, is_kept) if done and view.counts.get("unchanged") else []
        copies = copies_in(work, hidings, view.batch.id) if view.batch else []
    sent = view.row.kind == "upload"
    files: dict[str, tuple[SentFile, ...]] = {}
    if sent and lead and not view.under_way:
        for one in failures:
            try:
                files[one.name] = files_of(folder_of(view.row), one.name)
            except (KhetcheckError, OSError):  # taken away by hand; there is nothing to mend
                continue
    return page(
        request,
        visitor,
        "round.html",
        view=view,
        failures=failures,
        changes=changes,
        unread=unread,
        unchanged=same,
        copies=copies,
        change_kinds=CHANGES,
        files=files,
        left_out=left_out_of(folder_of(view.row)) if sent else (),
        may_start=lead and bool(context.runner.screening.command),
        lead=lead,
    )


@router.post("/rounds")
def start_from_here(
    context: ContextOf,
    visitor: Writing,
    kind: Annotated[Literal["folder", "source"], Form()],
    place: Annotated[str, Form(max_length=2000)] = "",
    quick: Annotated[bool, Form()] = False,
) -> Response:
    """Start a round from a folder of the server or a configured source."""
    demand(visitor.known, "lead")
    screening = context.runner.screening
    if kind == "folder":
        inbox, label = folder_inbox(screening, place, alone=context.single_user), ""
    else:
        inbox, label = source_inbox(screening, place), place
    with context.writing() as work:
        row = start_round(
            work, context.runner, inbox, kind=kind, label=label, quick=quick, by=visitor.known.id
        )
    return RedirectResponse(f"/rounds/{row.id}", 303)


@router.post("/rounds/{round_id}/start")
def start_again(
    context: ContextOf, visitor: Writing, round_id: Id, quick: Annotated[bool | None, Form()] = None
) -> Response:
    """Go on with a round that was stopped, or try again what failed; what has a draft is left as it is."""
    demand(visitor.known, "lead")
    with context.writing() as work:
        row = load_round(work, context.runner, round_id).row
        start_round(
            work,
            context.runner,
            row.inbox,
            kind=row.kind,
            label=row.label,
            quick=row.quick if quick is None else quick,
            by=visitor.known.id,
        )
    return RedirectResponse(f"/rounds/{round_id}", 303)


@router.post("/rounds/{round_id}/stop")
def stop_round(context: ContextOf, visitor: Writing, round_id: Id) -> Response:
    """Tell a round that was started here to end; what is in hand is not stored, and going on does it again."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        row = load_round(work, context.runner, round_id).row
    context.runner.stop(row.process, asked_of(row))
    return RedirectResponse(f"/rounds/{round_id}", 303)
