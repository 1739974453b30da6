"""Repair of damaged Thai text; see ``repair`` for the order of steps."""

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
