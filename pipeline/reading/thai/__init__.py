"""Repair of damaged Thai text: each font's faults are undone on their own (``fonts``), then the page's (``repair``).

Pure text: where letters stand on a page is known by ``pdf``, whether a page can be believed is asked in ``belief``.
"""

from pipeline.reading.thai.digits import arabic
from pipeline.reading.thai.fonts import Faults, FontFaults
from pipeline.reading.thai.mapped import Mapped
from pipeline.reading.thai.repair import repair, repair_after_fonts, repair_mapped, repair_ocr, repair_page
from pipeline.reading.thai.words import prepare

__all__ = [
    "Faults",
    "FontFaults",
    "Mapped",
    "arabic",
    "prepare",
    "repair",
    "repair_after_fonts",
    "repair_mapped",
    "repair_ocr",
    "repair_page",
]
