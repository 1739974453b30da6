"""The orchestrator, asked over HTTP as any browser would: does its API answer, of which version, do its pages find it?

Nothing here imports it: without its address it is not used until a run starts its own.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

from pipeline.health.check import Check, Installation, well
from rubric.language import Bilingual

NAME = "prefect"
SECONDS = 30.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def look_at_orchestrator(place: Installation) -> Iterator[Check]:
    """Ask the server that the environment names."""
    address = place.orchestrator.rstrip("/")
    if not address:
        yield well(
            NAME,
            "ไม่ได้ตั้งเซิร์ฟเวอร์ Prefect (PREFECT_API_URL) แต่ละรอบเริ่มของตนเอง หรือใช้ --direct",
            "No Prefect server is set (PREFECT_API_URL): each run starts one of its own, or does without by --direct.",
        )
        return
    try:
        _ask(f"{address}/health")
        theirs = str(_ask(f"{address}/admin/version"))
    except (OSError, ValueError) as error:
        yield Check(
            NAME,
            "fail",
            Bilingual(
                f"เซิร์ฟเวอร์ Prefect ที่ {address} ไม่ตอบ ({error}) งานทำต่อโดยไม่ใช้ แต่ตารางเวลาและหน้าเว็บของ Prefect ไม่ทำงาน",
                f"The Prefect server at {address} does not answer ({error}); runs go on without; schedules and its pages do not.",
            ),
            Bilingual(
                "เริ่มด้วย prefect server start หรือแก้ PREFECT_API_URL (ต้องลงท้ายด้วย /api) หรือลบตัวแปรนี้",
                "Start it with prefect server start, correct PREFECT_API_URL (it ends in /api), or take the variable away.",
            ),
        )
        return
    yield _same_version(address, theirs)
    yield from _pages(address)


def _same_version(address: str, theirs: str) -> Check:
    try:
        ours = version("prefect")
    except PackageNotFoundError:
        ours = ""
    if theirs == ours:
        return well(
            NAME, f"เซิร์ฟเวอร์ Prefect {theirs} ที่ {address} ตอบ", f"Prefect {theirs} at {address} answers."
        )
    return Check(
        NAME,
        "warn",
        Bilingual(
            f"เซิร์ฟเวอร์ Prefect เป็นรุ่น {theirs} แต่ที่นี่เป็นรุ่น {ours}",
            f"The Prefect server is {theirs}, here it is {ours}.",
        ),
        Bilingual("ใช้รุ่นเดียวกันทั้งสองที่", f"Use the same on both sides: pip install prefect=={theirs or ours}."),
    )


def _pages(address: str) -> Iterator[Check]:
    """See that the server's pages call the server itself: on another port than 4200 they do not by themselves."""
    base = address.removesuffix("/api")
    try:
        told = _ask(f"{base}/ui-settings")
    except (OSError, ValueError):  # a server without pages, or behind another path
        return
    calls = str(told.get("api_url", "")) if isinstance(told, dict) else ""
    if not calls.startswith("http") or urlsplit(calls).port == urlsplit(address).port:
        return
    yield Check(
        "prefect_pages",
        "warn",
        Bilingual(
            f"หน้าเว็บของ Prefect ที่ {base} เรียก {calls} จึงว่างเปล่า (Can't connect to Server API)",
            f"Prefect's pages at {base} call {calls}: they stay empty (Can't connect to Server API).",
        ),
        Bilingual(
            f"เริ่มเซิร์ฟเวอร์ด้วย PREFECT_SERVER_UI_API_URL={address}",
            f"Start the server with PREFECT_SERVER_UI_API_URL={address}.",
        ),
    )


def _ask(address: str) -> Any:
    local = urlsplit(address).hostname in LOOPBACK
    handlers = (
        [urllib.request.ProxyHandler({})] if local else []
    )  # a proxy knows nothing of this machine's 127.0.0.1
    if not address.startswith(("http://", "https://")):
        raise ValueError(f"{address} is no web address")
    with urllib.request.build_opener(*handlers).open(address, timeout=SECONDS) as answer:
        return json.load(answer)
