"""The one module that runs Tesseract: a page picture in, letters with their places out.

The program is run once per picture with one thread (more threads cost four times the CPU and save nothing) and
killed when it takes too long. Results are kept by the hash of the picture, because a batch is often run again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from pipeline.reading.outcomes import error

PROGRAM = "Tesseract"
# Tesseract's own value (1.25) cuts the marks of Thai off into lines of their own; this halves the character error.
_LINE_SIZE = 2.5
_FORMAT = 1  # raise when what is kept changes


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """How pages without usable text are read.

    Attributes:
        cache: directory for results by picture hash; None keeps none.
        dpi: resolution of the page picture; more reads no better (docs/reading.md).
        languages: Tesseract's languages.
        page_timeout: seconds one page may take.
    """

    cache: Path | None = None
    dpi: int = 200
    languages: str = "tha+eng"
    page_timeout: float = 60.0


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
    pixels = b"P5 %d %d 255\n" % picture.size + picture.tobytes()
    key = hashlib.sha256(
        pixels + f"|{settings.languages}|{settings.dpi}|{layout}|{_LINE_SIZE}|{_FORMAT}".encode()
    ).hexdigest()
    kept = settings.cache / key[:2] / f"{key}.json" if settings.cache else None
    known = _kept(kept) if kept else None
    if known is not None:
        return known
    letters = _letters(_run(pixels, settings, layout))
    if kept:
        _keep(kept, letters)
    return letters


def _run(pixels: bytes, settings: OcrSettings, layout: int) -> str:
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
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def quarter_turn(picture: Image.Image, settings: OcrSettings) -> int:
    """Return by how many degrees clockwise (0, 90, 180, 270) a grey picture must be turned to stand upright."""
    pixels = b"P5 %d %d 255\n" % picture.size + picture.tobytes()
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
    return int(found[1]) if found else 0


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


def _kept(path: Path) -> list[Letter] | None:
    try:
        return [Letter(*item) for item in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return None


def _keep(path: Path, letters: list[Letter]) -> None:
    """Write beside and rename, so that a killed child leaves no half result."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        rows = [[p.text, p.x0, p.y0, p.x1, p.y1, p.line, p.sure] for p in letters]
        fresh.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
        fresh.replace(path)
    except OSError:
        return  # a cache that cannot be written costs time, not results
