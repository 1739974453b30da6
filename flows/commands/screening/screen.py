"""``khetcheck screen``: pull, read, flag and draft all that is new in an inbox."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import settings_of
from flows.language import tell
from flows.machine_logs.json_lines import log
from flows.options import takes_store
from flows.settings import Settings
from flows.terminal import messages, output, say
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.batches.batch import BatchRun
from pipeline.batches.item import Item

SOME_FAILED = 1


@takes_store
def screen(
    context: typer.Context,
    inbox: Annotated[
        str,
        typer.Argument(
            help=tell(
                "โฟลเดอร์ (หรือ URL) ที่มีโฟลเดอร์ย่อยของแต่ละเขต", "Folder (or URL) with one folder per submission."
            )
        ),
    ],
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            help=tell("ตรวจชุดใหม่ไม่เกินจำนวนนี้", "Screen at most so many new submissions."),
            show_default=False,
        ),
    ] = None,
    direct: Annotated[
        bool,
        typer.Option(
            "--direct", help=tell("ไม่ใช้ตัวจัดลำดับงาน Prefect (ผลเหมือนกัน)", "Without Prefect (same result).")
        ),
    ] = False,
    retry: Annotated[
        bool,
        typer.Option(
            "--retry",
            help=tell(
                "ลองใหม่กับชุดที่พักไว้เพราะโปรแกรมหยุดกลางคันขณะตรวจหลายครั้ง",
                "Try again what was left alone because the program was ended over it several times.",
            ),
        ),
    ] = False,
    runner: Annotated[
        str | None,
        typer.Option(
            "--runner",
            help=tell(
                "ให้คลัสเตอร์ Dask ที่มีอยู่ตรวจ เช่น dask://host:8786 (KHETCHECK_RUNNER)",
                "Let an existing Dask cluster do the work, e.g. dask://host:8786 (KHETCHECK_RUNNER).",
            ),
            show_default=False,
        ),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help=tell("ใช้แบบจำลองคำอย่างเดียว เร็วแต่แม่นน้อยกว่า", "Words alone: quicker, less exact.")
        ),
    ] = False,
) -> None:
    """Screen an inbox; safe to run again, also after a crash, and from several places at once."""
    from flows.ending import ended_by_signals
    from flows.runs import opened_run

    if runner is not None:
        context.obj = {**(context.obj or {}), "runner": runner}
    settings = settings_of(context)
    with opened_run(settings, inbox, quick=quick) as run, ended_by_signals(run.stop, run.break_off):
        items, left = _screen(run, settings, limit, direct, retry)
    _show(items, left, run.inbox.left_alone)
    if any(item.outcome == "failed" for item in items):
        raise typer.Exit(SOME_FAILED)


def _screen(
    run: BatchRun, settings: Settings, limit: int | None, direct: bool, retry: bool
) -> tuple[list[Item], int]:
    from flows.direct import run_direct
    from flows.runs import note_total
    from flows.summary import progress_bar

    names = run.inbox.submissions()
    note_total(run, len(names))
    items, waiting = run.triage(names, limit, retry)
    if limit is not None:
        note_total(run, len(items) + len(waiting))
    left = len(names) - len(items) - len(waiting)
    if not waiting:
        run.finish()
        return items, left
    with progress_bar() as progress:
        bar = progress.add_task(tell("กำลังตรวจ", "Screening"), total=len(waiting))

        def note(item: Item) -> None:
            items.append(item)
            progress.advance(bar)
            _log(item)

        if not direct and _orchestrated(run, settings, limit, retry, note):
            return items, left
        done = {item.submission for item in items}
        run_direct(run, [name for name in waiting if name not in done], settings.worker_count, note)
    run.finish()
    return items, left


def _orchestrated(
    run: BatchRun, settings: Settings, limit: int | None, retry: bool, on_item: Callable[[Item], None]
) -> bool:
    from flows.orchestrator import orchestrated

    if orchestrated(run, settings, limit, retry, on_item):
        return True
    say(
        Bilingual(
            "ตัวจัดลำดับงาน Prefect เริ่มทำงานไม่ได้ จึงตรวจต่อโดยไม่ใช้ (ผลเหมือนกัน)",
            "Prefect could not start; screening goes on without it (same result).",
        ),
        "yellow",
    )
    return False


def _log(item: Item) -> None:
    """One line a submission, for machines; a failed one with its reason."""
    level = logging.WARNING if item.outcome == "failed" else logging.INFO
    reason = {"reason": item.reason.en, "reason_th": item.reason.th} if item.reason else {}
    told: dict[str, object] = {
        "outcome": item.outcome,
        "seconds": round(item.seconds, 2),
        "score": item.score,
    }
    log("submission", level, submission=item.submission, **told, **reason)


def _show(items: Sequence[Item], left: int, left_alone: Sequence[Bilingual]) -> None:
    from flows.summary import closing_line, left_alone_lines, problem_lines, summary_table

    if items:
        output().print(summary_table(items))
    for line in [*problem_lines(items), *left_alone_lines(left_alone)]:
        output().print(line, soft_wrap=True)
    output().print(closing_line(items, left), soft_wrap=True)
    if messages().is_terminal and any(item.score is not None for item in items):
        say(
            Bilingual(
                "ผลนี้เป็นร่างให้ผู้ตรวจพิจารณา ยังไม่ใช่ผลการประเมิน",
                "These are drafts for a reviewer, not an assessment.",
            ),
            "dim",
        )
