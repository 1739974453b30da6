"""Fuzzes reading: bytes of good files flipped, cut, spliced and repeated; nothing but the child may crash.

usage: python -m benchmarks.fuzz_reading [--seconds 120] [--seed 1] [--files FOLDER] [--keep FOLDER]

Reads mutations of the files in FOLDER (by default small ones that the program makes itself) until the time is over and
prints how the readings ended. Ends with status 1, and keeps the file with ``--keep``, if anything but a told outcome
comes out: an exception, a failed reading without a reason, a hang beyond the limits, a scratch file left behind.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.reading import Limits, read_document
from tests.pipeline.reading.hostile import offices, pdfs

TIGHT = Limits(pages=30, page_seconds=3.0, seconds=10.0, converter_seconds=20.0, bad_pages=1)
SLACK = 45.0
"""Seconds a reading may take beyond its limit of time: other work shares the machine."""


@dataclass
class Tally:
    """What came out so far."""

    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


def seeds(folder: Path | None) -> list[tuple[str, bytes]]:
    """Return (name, bytes) of the good files to start from."""
    if folder is not None:
        return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()]
    body = "".join(offices.paragraph(f"{offices.SENTENCE} ครั้งที่ {number}") for number in range(30))
    return [
        ("words.pdf", pdfs.good(6)),
        ("locked.pdf", pdfs.encrypted("")),
        ("paths.pdf", pdfs.many_paths(2000)),
        ("picture.pdf", pdfs.broken_picture()),
        ("words.docx", offices.docx(body + offices.nested_tables(4))),
        ("numbers.docx", offices.absurd_numbers()),
        ("sheet.xlsx", offices.xlsx()),
        ("sent.zip", offices.zipped({"a.docx": offices.docx(body), "b.pdf": pdfs.good(2)})),
        ("picture.png", offices.picture("PNG")),
        ("scan.tif", offices.picture("TIFF")),
    ]


def mutated(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return ``data`` with one to four wounds."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if not out:
            break
        at = rng.randrange(len(out))
        length = min(len(out) - at, 1 << rng.randrange(0, 12))
        wound = rng.randrange(6)
        if wound == 0:  # flip
            for place in rng.sample(range(len(out)), min(len(out), rng.randint(1, 30))):
                out[place] ^= 1 << rng.randrange(8)
        elif wound == 1:  # cut the tail
            del out[at:]
        elif wound == 2:  # cut a piece
            del out[at : at + length]
        elif wound == 3:  # splice in another file's piece
            start = rng.randrange(len(other))
            out[at:at] = other[start : start + length]
        elif wound == 4:  # repeat a piece
            out[at:at] = out[at : at + length] * rng.randint(1, 20)
        else:  # numbers grow
            out[at : at + length] = bytes(rng.choice(b"0123456789\xff\x00") for _ in range(length))
    return bytes(out)


def mutations(files: list[tuple[str, bytes]], rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) without end."""
    while True:
        name, data = rng.choice(files)
        yield name, mutated(data, rng.choice(files)[1], rng)


def try_one(name: str, data: bytes, folder: Path, tally: Tally) -> bool:
    """Read one mutation into ``tally``; tell whether it ended well."""
    path = folder / name
    path.write_bytes(data)
    started = time.monotonic()
    fault = ""
    try:
        readings = read_document(path, limits=TIGHT, ocr=False)
    except Exception as error:
        readings, fault = [], f"{type(error).__name__}: {error}"
    spent = time.monotonic() - started
    tally.read += 1
    tally.slowest = max(tally.slowest, spent)
    for reading in readings:
        first = reading.problems[0].code if reading.problems else "no problem"
        tally.outcomes[f"{reading.read_by}: {first}" if reading.read_by == "failed" else reading.read_by] += 1
        if reading.read_by == "failed" and not reading.problems:
            fault = "failed without a reason"
    if spent > TIGHT.seconds * len(readings or [1]) + SLACK:
        fault = f"took {spent:.0f} s"
    if fault:
        tally.faults.append(f"{name}: {fault}")
    return not fault


def fuzz(
    seconds: float, seed: int, files: list[tuple[str, bytes]], keep: Path | None = None, most: int = 10**9
) -> Tally:
    """Read mutations for so many seconds, or ``most`` of them; return what came out."""
    rng = random.Random(seed)
    tally = Tally()
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for name, data in mutations(files, rng):
            if time.monotonic() > end or tally.read >= most:
                break
            if not try_one(name, data, Path(folder), tally) and keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                shutil.copy(Path(folder) / name, keep / f"{tally.read:06}-{name}")
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=Path)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    tally = fuzz(chosen.seconds, chosen.seed, seeds(chosen.files), chosen.keep)
    print(f"{tally.read} mutations read, slowest {tally.slowest:.1f} s, {len(tally.faults)} faults")
    for outcome, count in tally.outcomes.most_common():
        print(f"{count:6} {outcome}")
    for fault in tally.faults:
        print("FAULT", fault)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
