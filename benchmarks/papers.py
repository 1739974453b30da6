"""Pictures of what leaves the house, for docs/outputs.md: letter, marked copy, workbook and report of the sample batch.

    python -m benchmarks.papers HOME docs/screenshots

``HOME`` has the sample batch screened (``make demo``); it is copied, and the copy gets made-up finished reviews that follow the
drafts. Needs LibreOffice.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image
from sqlalchemy import select

from pipeline.export.letters.letter_life import Desk, freeze_letter
from pipeline.export.marking.marked_copies import write_marked_copies
from pipeline.export.report.batch_report import write_report
from pipeline.export.request import Request
from pipeline.export.results_workbook import write as write_workbook
from pipeline.intake.files import LocalFiles
from pipeline.reading import DEFAULT_LIMITS, libreoffice
from pipeline.store.database import Store
from pipeline.store.tables import DraftPointRow, DraftRow, Review, ReviewPoint, Submission, User, now
from rubric import load_rubric
from rubric.scoring import state_of

RUBRIC = load_rubric("esa-2560-1.1")
MOST_BYTES = 150_000
SAMPLE = "sample-03"
DAY = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)


def decide(store: Store) -> None:
    """Finish a made-up review of every sample that follows its draft."""
    with store.transaction() as session:
        user = User(name="sample", display_name="ผู้ตรวจตัวอย่าง", role="reviewer")
        session.add(user)
        session.flush()
        for draft in session.scalars(select(DraftRow).where(DraftRow.current)).all():
            rows = session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == draft.id)).all()
            states = {row.point: state_of(row.done, row.clear) for row in rows}
            score = RUBRIC.score(
                {point for point, state in states.items() if state != "not_done"},
                {point for point, state in states.items() if state == "clear"},
            )
            review = Review(
                submission_id=draft.submission_id, draft_id=draft.id, user_id=user.id, state="confirmed",
                score=score, finished_at=now(),
            )  # fmt: skip
            session.add(review)
            session.flush()
            session.add_all(
                ReviewPoint(review_id=review.id, point=point, state=state, confirmed=True)
                for point, state in states.items()
            )


def picture(pdf: Path, pages: list[int], out: Path, width: int = 620, part: float = 1.0) -> None:
    """Write the upper part of pages of a PDF side by side as a small PNG."""
    document = pypdfium2.PdfDocument(pdf)
    shown = [document[page] for page in pages if page < len(document)]
    images = [
        page.render(scale=width / page.get_width(), may_draw_forms=True).to_pil().convert("RGB")
        for page in shown
    ]
    sheet = Image.new(
        "RGB", (sum(one.width for one in images) + 8 * (len(images) - 1), images[0].height), "#888"
    )
    x = 0
    for one in images:
        sheet.paste(one, (x, 0))
        x += one.width + 8
    sheet = sheet.crop((0, 0, sheet.width, round(part * sheet.height)))
    for share in (1.0, 0.85, 0.7, 0.6):
        small = sheet.resize(
            (round(sheet.width * share), round(sheet.height * share)), Image.Resampling.LANCZOS
        )
        small.quantize(48).save(out, optimize=True)
        if out.stat().st_size < MOST_BYTES:
            break
    print(f"{out.name}: {out.stat().st_size // 1000} kB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("home", type=Path)
    options.add_argument("out", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        shutil.copytree(given.home, room / "home", ignore=shutil.ignore_patterns("prefect"))
        store, files = Store.at(room / "home"), LocalFiles(room / "home" / "files")
        with store.reading() as session:
            decided = session.scalar(select(Review.id).limit(1)) is not None
            batch = session.scalar(select(DraftRow.batch_id).limit(1))
            names = session.scalars(select(Submission.name).order_by(Submission.name)).all()
        if not decided:
            decide(store)
        request = Request(rubric=RUBRIC)
        desk = Desk(store, files, request, DEFAULT_LIMITS, DAY)
        name = SAMPLE if SAMPLE in names else names[0]
        freeze_letter(desk, name, "ผู้ตรวจตัวอย่าง", room / "letter.pdf")
        picture(room / "letter.pdf", [0, 1], given.out / "letter.png")
        asked = Request(rubric=RUBRIC, submission=names[0])
        copies = list(write_marked_copies(store, files, room / "marked", asked, DEFAULT_LIMITS))
        marked = max(
            (one for one in copies if one.path and one.path.suffix == ".pdf"), key=lambda one: one.marks
        )
        assert marked.path is not None
        picture(marked.path, [2, 3], given.out / "marked.png")
        write_workbook(store, room / "results.xlsx", request)
        sheets = libreoffice.as_pdf(room / "results.xlsx", room, limits=DEFAULT_LIMITS)
        picture(sheets, [0], given.out / "workbook.png", width=1240, part=0.3)
        write_report(store, room / "report.pdf", Request(rubric=RUBRIC, batch=batch), DEFAULT_LIMITS)
        picture(room / "report.pdf", [0, 1], given.out / "report.png")
        store.close()


if __name__ == "__main__":
    main()
