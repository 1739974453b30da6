"""``khetcheck review``: the reviewers' web page, until it is stopped."""

from __future__ import annotations

import contextlib
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened
from flows.ending import Ended
from flows.language import LANGUAGE, tell
from flows.options import takes_store
from flows.terminal import say
from rubric.exceptions import KhetcheckError, SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from flows.settings import Settings
    from pipeline.review.rounds.running import Screening
    from pipeline.store.database import Store


@takes_store
def review(
    context: typer.Context,
    host: Annotated[
        str,
        typer.Option(
            help=tell(
                "ที่อยู่ที่รับการเชื่อมต่อ 0.0.0.0 สำหรับเครื่องอื่นในเครือข่าย (ต้องมีผู้ใช้)",
                "Address to listen on; 0.0.0.0 for other machines (needs users).",
            )
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help=tell("พอร์ต", "Port."))] = 8765,
    secure: Annotated[
        bool,
        typer.Option(
            "--secure",
            help=tell(
                "อยู่หลังพร็อกซี https ให้คุกกี้ใช้ได้กับ https เท่านั้น", "Behind an https proxy: cookies for https only."
            ),
        ),
    ] = False,
) -> None:
    """Serve the review page."""
    from flows.opening.models_in_use import follow_store
    from pipeline.review.serving import serve
    from pipeline.review.settings import ReviewSettings
    from rubric import load_rubric

    with opened(context) as (settings, store):
        page = ReviewSettings(
            home=settings.home,
            host=host,
            port=port,
            language=settings.lang or LANGUAGE,
            flow_url=settings.flow_url.rstrip("/"),
            secure_cookies=secure,
            trusted_proxies=settings.trusted_proxies,
            files=settings.kept,
            upload_bytes=settings.upload_mib << 20,
        )
        with contextlib.suppress(
            KhetcheckError
        ):  # reviewing goes on where the model of another machine cannot be had
            follow_store(settings, store)
        say(Bilingual("กำลังเปิดหน้าตรวจ…", "The review page is starting…"), "dim")
        with contextlib.suppress(KeyboardInterrupt, Ended):  # being told to stop is how it ends well
            serve(
                page,
                store,
                load_rubric(settings.rubric),
                partial(_say_ready, host, port),
                screening_of(settings, store),
            )


def screening_of(settings: Settings, store: Store) -> Screening:
    """Return how the page starts a round: this very program, as a process of its own.

    The database's address may hold a password; it goes through the environment, where no list of processes shows it.
    """
    from flows.opening.inboxes import addresses_of
    from pipeline.review.rounds.running import Screening

    try:
        sources = addresses_of(settings)
    except SettingsError as error:  # reviewing goes on; rounds start from folders and uploads
        say(error.message, "yellow")
        sources = {}
    environment = {
        "KHETCHECK_HOME": str(settings.home.absolute()),
        "KHETCHECK_LANG": settings.lang or LANGUAGE,
    }
    if settings.store:
        environment["KHETCHECK_STORE"] = store.url.render_as_string(hide_password=False)
    return Screening(
        command=(sys.executable, "-m", "flows.cli", "screen", "--direct"),
        quick=("--quick",),
        environment=environment,
        roots=settings.roots,
        sources=sources,
    )


def _say_ready(host: str, port: int) -> None:
    name = f"[{host}]" if ":" in host else host
    say(
        Bilingual(
            f"หน้าตรวจเปิดอยู่ที่ http://{name}:{port} กด Ctrl+C เพื่อหยุด",
            f"The review page is at http://{name}:{port}; press Ctrl+C to stop.",
        ),
        "bold",
    )
