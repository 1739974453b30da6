"""How much one file may cost: every bound of reading in one place, so that a test or an office can change it.

Each is a setting of its own, ``KHETCHECK_LIMITS__`` and its name (docs/reading.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

MIB = 1 << 20
Count = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on reading one file. Passing them is an outcome of that file, never an error of the batch.

    The defaults leave room for the largest honest files seen (a budget volume of 476 pages, scans of 200 MB) and stop
    every hostile file of tests/pipeline/reading/hostile.

    Attributes:
        file_bytes: size of the file itself.
        pages: pages read; the pages before the limit are kept.
        page_seconds: longest silence, i.e. the time for one page, one OCR page, one Word file; seconds of wall clock.
        seconds: time for the whole file, seconds of wall clock.
        memory_bytes: address space of the child that reads (no limit on Windows and macOS).
        output_bytes: what the child may send back in total.
        written_bytes: longest file the child may write (a page picture for Tesseract, a document out of a zip).
        text_characters: characters of text kept from one file.
        archive_entries: entries of a zip (of an archive, or of a Word file, which is a zip).
        archive_bytes: size of all entries unpacked.
        archive_ratio: unpacked size over packed size of an entry above 1 MiB.
        archive_depth: archives in archives: 2 reads a zip in a zip and no deeper.
        xml_bytes: size of one XML part of a Word or Excel file, unpacked.
        converter_seconds: time for one run of LibreOffice, seconds of wall clock.
        converter_memory_bytes: address space of LibreOffice (Linux only).
        converter_written_bytes: longest file that LibreOffice may write (Linux only).
        image_pixels: pixels of one picture that is read by OCR.
        bad_pages: pages that may kill or hang the reader before the rest of the file is given up.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")  # a misspelt setting is told

    file_bytes: Count = 512 * MIB
    pages: Count = 3000
    page_seconds: Seconds = 60.0
    seconds: Seconds = 1800.0
    memory_bytes: Count = 1536 * MIB
    output_bytes: Count = 256 * MIB
    written_bytes: Count = 512 * MIB
    text_characters: Count = 20_000_000
    archive_entries: Count = 5000
    archive_bytes: Count = 2048 * MIB
    archive_ratio: Count = 200
    archive_depth: Count = 2
    xml_bytes: Count = 60 * MIB
    converter_seconds: Seconds = 180.0
    converter_memory_bytes: Count = 4096 * MIB
    converter_written_bytes: Count = 1024 * MIB
    image_pixels: Count = 120_000_000
    bad_pages: Count = 3

    @property
    def changed(self) -> str:
        """A short mark of the bounds that are not the defaults, "" where all are: part of the store's keys."""
        other = [
            f"{field.name}={value}"
            for field in fields(self)
            if (value := getattr(self, field.name)) != field.default
        ]
        return hashlib.sha256(" ".join(other).encode()).hexdigest()[:8] if other else ""


DEFAULT_LIMITS = Limits()


def setting_of(name: str) -> str:
    """Return the environment variable that sets the bound ``name``."""
    return f"KHETCHECK_LIMITS__{name.upper()}"
