"""How much one file may cost: every bound of reading in one place, so that a test or an office can tighten it."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


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
        text_characters: characters of text kept from one file.
        archive_entries: entries of a zip (of an archive, or of a Word file, which is a zip).
        archive_bytes: size of all entries unpacked.
        archive_ratio: unpacked size over packed size of an entry above 1 MiB.
        archive_depth: archives in archives: 2 reads a zip in a zip and no deeper.
        xml_bytes: size of one XML part of a Word or Excel file, unpacked.
        converter_seconds: time for one run of LibreOffice, seconds of wall clock.
        image_pixels: pixels of one picture that is read by OCR.
        bad_pages: pages that may kill or hang the reader before the rest of the file is given up.
    """

    file_bytes: int = 512 * MIB
    pages: int = 3000
    page_seconds: float = 60.0
    seconds: float = 1800.0
    memory_bytes: int = 1536 * MIB
    output_bytes: int = 256 * MIB
    text_characters: int = 20_000_000
    archive_entries: int = 5000
    archive_bytes: int = 2048 * MIB
    archive_ratio: int = 200
    archive_depth: int = 2
    xml_bytes: int = 60 * MIB
    converter_seconds: float = 180.0
    image_pixels: int = 120_000_000
    bad_pages: int = 3


DEFAULT_LIMITS = Limits()
