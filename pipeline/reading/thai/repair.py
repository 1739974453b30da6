"""The order in which damaged Thai is repaired, and the one call that does it.

The order is part of the repair: codes become letters before letters are judged; a blank that stands for the ring of ำ
must be seen before blanks are dropped; marks are sorted last. It was found by measuring real files (docs/reading.md).
Repairing twice changes nothing, and clean text comes back as the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.reading.thai import glyphs, marks, sara_am, spacing
from pipeline.reading.thai.fonts import FontFaults, mend_fonts
from pipeline.reading.thai.mapped import Mapped

STEPS: tuple[Callable[[Mapped], Mapped], ...] = (
    glyphs.tis620,
    spacing.invisibles,
    glyphs.private_use,
    glyphs.latin_tones,
    spacing.letter_spaced,
    sara_am.exchanged,
    sara_am.lost_ring,
    spacing.blanks_before_marks,
    sara_am.parts,
    marks.order,
)
# Where the fonts are known each is judged by itself: to exchange the letters of a whole page would hurt its good fonts.
_AFTER_FONTS = tuple(step for step in STEPS if step is not sara_am.exchanged)
# What OCR gets wrong is not what PDF writers do: there a blank never stands for the ring of ำ.
_OCR_STEPS = (
    spacing.blanks_before_vowels,
    spacing.blanks_before_marks,
    sara_am.ring_as_tone,
    sara_am.parts,
    marks.order,
)
_ROUNDS = 6  # one step can open the way for an earlier one; text of any kind settles in fewer


def repair_mapped(text: Mapped) -> Mapped:
    """Repair a page or paragraph, keeping for each character the raw character it came from.

    Give a whole page where there is one: some damage is told only by how often letters occur.
    """
    return _settled(text, STEPS)


def repair_page(
    text: Mapped,
    fonts: Sequence[int],
    names: Mapping[int, str],
    known: FontFaults,
    *,
    thorough: bool = False,
) -> Mapped:
    """Repair a page whose fonts are known: first each font by itself, then the whole.

    Args:
        text: what the fonts say, with blanks and line ends.
        fonts: number of the font behind each raw character, -1 for none.
        names: name of each font, by which its faults are remembered from page to page.
        known: the faults found on earlier pages of the document; those found here are added.
        thorough: look into fonts that show no sign of damage too.
    """
    return repair_after_fonts(mend_fonts(text, fonts, names, known, repair_after_fonts, thorough=thorough))


def repair_after_fonts(text: Mapped) -> Mapped:
    """Repair a page whose fonts are in order."""
    return _settled(text, _AFTER_FONTS)


def _settled(text: Mapped, steps: Sequence[Callable[[Mapped], Mapped]]) -> Mapped:
    for _ in range(_ROUNDS):
        before = text
        for step in steps:
            text = step(text)
        if text.text == before.text:
            break
    return text


def repair(text: str) -> str:
    """Return ``text`` repaired.

    >>> repair("สํานักงานด าเนินการ")
    'สำนักงานดำเนินการ'
    """
    return repair_mapped(Mapped.of(text)).text


def repair_ocr(text: str) -> str:
    """Return text that OCR read with its marks in order and no blanks inside syllables.

    >>> repair_ocr("โครงก ารดํ าเนินงาน")
    'โครงการดำเนินงาน'
    """
    mapped = Mapped.of(text)
    for step in _OCR_STEPS:
        mapped = step(mapped)
    return mapped.text
