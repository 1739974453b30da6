"""The one module that runs Tesseract: a page picture in, letters with their places out.

The program is run once per picture with one thread (more threads cost four times the CPU and save nothing) and
killed when it takes too long. Results are kept by the hash of the picture, because a batch is often run again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from pipeline.reading.ocr.recognised import TURNS, Entry, keep, recall
from pipeline.reading.outcomes import error

PROGRAM = "Tesseract"
# Tesseract's own value (1.25) cuts the marks of Thai off into lines of their own; this halves the character error.
_LINE_SIZE = 2.5
_FORMAT = 1  # raise when what is kept changes
_TOO_LITTLE = b"Too few characters"


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """How pages without usable text are read.

    Attributes:
        cache: directory for results by picture hash; None keeps none.
        dpi: resolution of the page picture; more reads no better (docs/reading.md).
        languages: Tesseract's languages.
        page_timeout: seconds one page may take.
        document: directory for the results of the document that is read, for other machines; None for none.
    """

    cache: Path | None = None
    dpi: int = 200
    languages: str = "tha+eng"
    page_timeout: float = 60.0
    document: Path | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter or short piece that Tesseract read.

    Attributes:
        text: what was read.
        x0, y0, x1, y1: its box in pixels of the picture.
        line: number of its line in the picture, in Tesseract's reading order.
        sure: Tesseract's confidence, 0 to 100.
    """

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    line: int
    sure: float


@cache
def available(languages: str = "tha+eng") -> bool:
    """Tell whether Tesseract and all the languages are installed."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
    )
    return set(languages.split("+")) <= set((listed.stdout + listed.stderr).split())


def read_picture(picture: Image.Image, settings: OcrSettings, *, layout: int = 3) -> list[Letter]:
    """Read a grey picture.

    Args:
        picture: mode ``L``, at ``settings.dpi``.
        settings: languages, time limit and cache.
        layout: Tesseract's page segmentation: 3 finds the layout, 6 takes the picture as one block of lines.

    Raises:
        ConverterMissing: Tesseract or a language is not installed.
        DocumentTimedOut: the page took longer than ``settings.page_timeout``.
    """
    pixels = _pixels(picture)
    key = _key(pixels, f"{settings.languages}|{settings.dpi}|{layout}|{_LINE_SIZE}|{_FORMAT}")
    known = recall(key, settings.cache, settings.document)
    if isinstance(known, list):
        return [Letter(*piece) for piece in known]  # type: ignore[arg-type]  # its fields were looked at
    table = _run(pixels, settings, layout)
    if table is None:
        return []
    letters = _letters(table)
    rows: Entry = [[p.text, p.x0, p.y0, p.x1, p.y1, p.line, p.sure] for p in letters]
    keep(key, rows, settings.cache, settings.document)
    return letters


def _pixels(picture: Image.Image) -> bytes:
    return b"P5 %d %d 255\n" % picture.size + picture.tobytes()


def _key(pixels: bytes, how: str) -> str:
    return hashlib.sha256(pixels + f"|{how}".encode()).hexdigest()


def _run(pixels: bytes, settings: OcrSettings, layout: int) -> str | None:
    """Return Tesseract's table; None where the program failed, which it may not do another time."""
    if not available(settings.languages):
        raise error("converter_missing", {"program": PROGRAM})
    command = [
        "tesseract", "stdin", "stdout", "-l", settings.languages, "--psm", str(layout),
        "--dpi", str(settings.dpi), "-c", "tessedit_create_tsv=1", "-c", f"textord_min_linesize={_LINE_SIZE}",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command,
            input=pixels,
            capture_output=True,
            timeout=settings.page_timeout,
            check=False,
            env=_one_thread(),
        )
    except subprocess.TimeoutExpired as late:
        raise error("timed_out") from late
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def quarter_turn(picture: Image.Image, settings: OcrSettings) -> int:
    """Return by how many degrees clockwise (0, 90, 180, 270) a grey picture must be turned to stand upright."""
    pixels = _pixels(picture)
    key = _key(pixels, f"turn|{settings.dpi}|{_FORMAT}")
    known = recall(key, settings.cache, settings.document)
    if isinstance(known, int):
        return known
    command = ["tesseract", "stdin", "stdout", "--psm", "0", "--dpi", str(settings.dpi)]
    try:
        done = subprocess.run(
            command,
            input=pixels,
            capture_output=True,
            timeout=settings.page_timeout,
            check=False,
            env=_one_thread(),
        )
    except (subprocess.TimeoutExpired, OSError):
        return 0
    found = re.search(rb"Rotate: (\d+)", done.stdout)
    turn = int(found[1]) if found else 0
    if turn in TURNS and (found or _TOO_LITTLE in done.stderr):  # else it failed, and may not another time
        keep(key, turn, settings.cache, settings.document)
    return turn


def _one_thread() -> dict[str, str]:
    return {**os.environ, "OMP_THREAD_LIMIT": "1"}


def _letters(table: str) -> list[Letter]:
    """Read Tesseract's table; each row of level 5 is one piece of text."""
    letters: list[Letter] = []
    lines: dict[tuple[str, str, str], int] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row.get("level") != "5" or not text:
            continue
        x, y, wide, high = (int(row[name]) for name in ("left", "top", "width", "height"))
        line = lines.setdefault((row["block_num"], row["par_num"], row["line_num"]), len(lines))
        letters.append(Letter(text, x, y, x + wide, y + high, line, float(row["conf"])))
    return letters
