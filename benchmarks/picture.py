"""The picture of the result in README: what ``khetcheck screen`` prints, drawn from a real run, so it never goes stale.

python -m benchmarks.picture HOME INBOX OUT.png      (after `khetcheck --home HOME screen INBOX`; needs Chromium)
"""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from flows.runs import opened_run
from flows.settings import load_settings
from flows.summary import closing_line, problem_lines, summary_table
from pipeline.batches.item import Item

STYLE = """
body { margin: 0; padding: 22px 26px; background: #fff; color: #1d2733; display: inline-block;
       font: 17px/1.7 "Sarabun", "Noto Sans Thai Looped", "Laksaman", "Noto Sans Thai", sans-serif; }
h1 { font-size: 20px; margin: 0 0 10px; } table { border-collapse: collapse; }
th, td { border: 1px solid #c5ced8; padding: 4px 14px; text-align: left; } th { background: #eef2f6; }
td:nth-child(n+3):nth-child(-n+5), td:nth-child(7) { text-align: center; } p { margin: 10px 0 0; } .note { color: #8a5a00; }
"""


def main(home: str, inbox: str, out: str) -> None:
    """Draw the drafts that stand in ``home`` for the submissions of ``inbox``."""
    with opened_run(load_settings(home=Path(home)), inbox) as run:
        items, waiting = run.triage(run.inbox.submissions())
        run.finish()
    if waiting:
        raise SystemExit(f"not screened yet: {', '.join(waiting)}")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(as_page(items), encoding="utf-8")
        shoot(page, Path(out))


def as_page(items: Sequence[Item]) -> str:
    """Return the run's table and notes as a web page."""
    table = summary_table(items)
    heads = "".join(f"<th>{html.escape(str(column.header))}</th>" for column in table.columns)
    rows = zip(*(list(column.cells) for column in table.columns), strict=True)
    body = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    notes = "".join(f'<p class="note">{_text(line)}</p>' for line in problem_lines(items))
    return (
        f'<!DOCTYPE html><html lang="th"><meta charset="utf-8"><style>{STYLE}</style><body>'
        f"<h1>{html.escape(str(table.title))}</h1><table><tr>{heads}</tr>{body}</table>{notes}"
        f"<p>{html.escape(closing_line(items, 0))}</p></body></html>"
    )


def shoot(page: Path, out: Path) -> None:
    """Take the picture with Chromium, cut to what is drawn."""
    from PIL import Image, ImageChops

    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("Chromium is needed: .ci/system testing")
    command = [program, "--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1.5"]
    target = page.with_name("page.png")
    subprocess.run(
        [*command, "--window-size=1100,700", f"--screenshot={target}", page.as_uri()],
        check=True,
        capture_output=True,
    )
    with Image.open(target) as picture:
        plain = picture.convert("RGB")
        box = ImageChops.difference(plain, Image.new("RGB", plain.size, "white")).getbbox()
        assert box is not None
        edge = 30
        plain.crop((0, 0, box[2] + edge, box[3] + edge)).quantize(64).save(out, optimize=True)


def _text(cell: object) -> str:
    return html.escape(cell.plain if isinstance(cell, Text) else str(cell))


if __name__ == "__main__":
    main(*sys.argv[1:4])
