"""``khetcheck up``: Prefect's server, a worker, the schedule and the review page, until it is stopped."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened_store, settings_of
from flows.language import tell
from flows.options import takes_store
from flows.settings import Settings
from flows.terminal import say
from rubric.exceptions import RunnerError, SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from flows.tree.parts import Wanted


@takes_store
def up(
    context: typer.Context,
    host: Annotated[
        str,
        typer.Option(
            help=tell(
                "ที่อยู่ของหน้าตรวจ 0.0.0.0 สำหรับเครื่องอื่นในเครือข่าย (ต้องมีผู้ใช้)",
                "Address of the review page; 0.0.0.0 for other machines (needs users).",
            )
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=1, max=65535, help=tell("พอร์ตของหน้าตรวจ", "Port of the review page."))
    ] = 8765,
    inbox: Annotated[
        str,
        typer.Option(
            help=tell("โฟลเดอร์ (หรือ URL) ที่จะตรวจตามเวลา", "Folder (or URL) to screen on schedule."),
            show_default=False,
        ),
    ] = "",
    every: Annotated[
        int,
        typer.Option(
            min=0,
            max=10_080,
            help=tell("ตรวจโฟลเดอร์นั้นทุกกี่นาที", "Minutes between two looks into it; 0 for none."),
        ),
    ] = 0,
) -> None:
    """Keep everything running on this machine, as one tree of processes."""
    from flows.ending import Ended
    from flows.opening.prefect_surroundings import has_own_server, prepare_orchestrator
    from flows.running import found_running, written_down
    from flows.server import free_port, is_answering
    from flows.tree.parts import Wanted, environment_of, parts_of
    from flows.tree.root import Root

    settings = settings_of(context)
    if every and not inbox:
        raise SettingsError(
            Bilingual("--every ต้องใช้กับ --inbox", "--every needs an --inbox."),
            Bilingual("ระบุโฟลเดอร์ที่จะตรวจด้วย --inbox", "Name what to screen with --inbox."),
        )
    if (running := found_running(settings.home)) is not None:
        raise RunnerError(
            Bilingual(
                f"khetcheck up เปิดอยู่แล้วสำหรับ {settings.home} หน้าตรวจอยู่ที่ {running.page}",
                f"khetcheck up runs over {settings.home} already; its review page is at {running.page}.",
            ),
            Bilingual(
                f"ใช้หน้านั้น หรือหยุดกระบวนการ {running.where.pid} บนเครื่อง {running.where.host} ก่อน",
                f"Use that one, or end process {running.where.pid} on {running.where.host} first.",
            ),
        )
    _check(settings, host, port)
    wanted = Wanted(host, port, None if has_own_server() else free_port(), _asked(settings, inbox), every)
    prepare_orchestrator(settings.home)  # for all parts: they inherit it
    say(Bilingual("กำลังเริ่ม…", "Starting…"), "dim")
    root = Root(
        parts_of(wanted, is_answering),
        environment_of(settings, wanted),
        settings.home / "up.log",
        lambda part: say(
            Bilingual(
                f"{part.name.th} หยุดไป กำลังเริ่มใหม่",
                f"{part.name.en.capitalize()} has ended and is started again.",
            ),
            "yellow",
        ),
    )
    with contextlib.suppress(KeyboardInterrupt, Ended):  # being told to stop is how it ends well
        try:
            root.start()
            with written_down(settings.home, wanted.server, wanted.page):
                _say_ready(wanted)
                root.keep()
        finally:
            root.end()


def _check(settings: Settings, host: str, port: int) -> None:
    """Make the database and look at the address first: what is wrong there is told here and not in a log."""
    from pipeline.review.serving import try_out
    from pipeline.review.settings import ReviewSettings

    with opened_store(settings) as store:
        try_out(ReviewSettings(home=settings.home, host=host, port=port), store)


def _say_ready(wanted: Wanted) -> None:
    runs = wanted.server.removesuffix("/api")
    say(
        Bilingual(
            f"หน้าตรวจเปิดอยู่ที่ {wanted.page} หน้าของ Prefect อยู่ที่ {runs} กด Ctrl+C เพื่อหยุดทั้งหมด",
            f"The review page is at {wanted.page}, Prefect's pages at {runs}; Ctrl+C stops all.",
        ),
        "bold",
    )


def _asked(settings: Settings, inbox: str) -> str:
    """What is screened on schedule: a source by its name, else a folder in full, since the tree runs from another one."""
    from flows.opening.inboxes import local_or_url, sources_of

    if not inbox or (not Path(inbox).expanduser().exists() and inbox in sources_of(settings)):
        return inbox
    return local_or_url(inbox)
