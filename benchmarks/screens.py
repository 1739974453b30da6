"""The pictures of the review page in README and docs: taken of the demo's cases, so that they show what a newcomer gets.

python -m benchmarks.screens HOME docs/screenshots     (after `khetcheck --home HOME screen data_samples/inbox`; needs Chromium)

Works on a copy of the home: two readers finish one case there and differ on a point, which a lead then looks at.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from pipeline.review.cases.assignments import assign
from pipeline.store.database import Store
from pipeline.store.tables import DraftPointRow, DraftRow, Submission, User
from rubric.scoring import state_of
from tests.pipeline.review.conftest import CHROMIUM, PASSWORD, Running, people, running

LAPTOP = {"width": 1366, "height": 768}
READERS = (("malee", "first"), ("somchai", "second"))
SHOWN, DISPUTED = "sample-01", "sample-04"
PAGES_MS = 120_000
"""LibreOffice makes the pages of a Word file on the first visit."""


def main(home: str, out: str) -> None:
    """Take the pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("Chromium is missing")
    with tempfile.TemporaryDirectory() as room, sync_playwright() as player:
        copy = Path(shutil.copytree(home, Path(room) / "home"))
        store = Store.at(copy)
        people(store)
        with store.reading() as session:
            cases = {row.name: row.id for row in session.scalars(select(Submission))}
        browser = player.chromium.launch(executable_path=program, args=CHROMIUM)
        with running(copy, store) as served:
            disagree(served, store, cases[DISPUTED])
            for scheme, ending in (("light", ""), ("dark", "-dark")):
                page = browser.new_page(viewport=LAPTOP, locale="th-TH", color_scheme=scheme)
                page.set_default_timeout(PAGES_MS)
                enter(page, served)
                take(page, served, cases, Path(out), ending)
        browser.close()
        store.close()


def disagree(served: Running, store: Store, case: int) -> None:
    """Have two readers finish a case as it was drafted, but for one point."""
    with store.transaction() as session:
        submission = session.get_one(Submission, case)
        draft = session.scalars(
            select(DraftRow).where(DraftRow.submission_id == case, DraftRow.current.is_(True))
        ).one()
        rows = session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == draft.id)).all()
        states = {row.point: state_of(row.done, row.clear) for row in rows}
        for name, kind in READERS:
            user = session.scalars(select(User).where(User.name == name)).one()
            assign(session, submission, user.id, kind, None)  # type: ignore[arg-type]
    for tab, (name, kind) in enumerate(READERS, 1):
        client = served.client(name)
        for point, state in states.items():
            chosen = "not_done" if kind == "second" and point == max(states) else state
            sent = {
                "kind": "point",
                "point": point,
                "value": {"state": chosen},
                "act_id": f"{tab:08x}.{point}",
            }
            client.post(f"/cases/{case}/acts", json=sent).raise_for_status()
        sent = {"kind": "finish", "value": {}, "seen": 99, "act_id": f"{tab:08x}.99"}
        client.post(f"/cases/{case}/acts", json=sent).raise_for_status()


def enter(page: Page, served: Running) -> None:
    """Log in as the lead."""
    page.goto(served.url)
    page.fill("#name", "wanida")
    page.fill("#password", PASSWORD)
    page.click("form button.primary")
    page.wait_for_url(lambda url: "/login" not in url)


def take(page: Page, served: Running, cases: dict[str, int], out: Path, ending: str) -> None:
    """Take the pictures in one scheme of colours."""
    out.mkdir(parents=True, exist_ok=True)
    page.goto(f"{served.url}/cases/{cases[SHOWN]}")
    page.wait_for_selector("html[data-ready=yes]")
    page.wait_for_timeout(600)  # a look at the evidence
    page.keyboard.press("w")  # one point decided otherwise than drafted, one as drafted
    page.keyboard.press("3")
    page.wait_for_timeout(600)
    page.keyboard.press("e")
    page.wait_for_selector("#saved[data-state=saved]")
    page.wait_for_selector("#sheet[data-paged=yes] .paper img")
    while not page.locator(".paper img").evaluate("image => image.decode().then(() => true, () => false)"):
        page.reload()  # a busy machine may not draw it in time
        page.wait_for_selector("#sheet[data-paged=yes] .paper img")
    page.wait_for_timeout(500)
    page.screenshot(path=out / f"case{ending}.png")
    if ending:
        return
    page.goto(served.url)
    page.screenshot(path=out / "queue.png")
    page.goto(f"{served.url}/adjudication/{cases[DISPUTED]}")
    page.screenshot(path=out / "adjudication.png")
    for name in ("findings", "results"):
        page.goto(f"{served.url}/{name}")
        page.screenshot(path=out / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:3])
