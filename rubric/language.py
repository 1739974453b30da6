"""Text in two languages, because every message of khetcheck exists in Thai and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["th", "en"]


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in Thai and English.

    >>> Bilingual("อ่านไม่ได้", "unreadable").told("th")
    'อ่านไม่ได้'
    """

    th: str
    en: str

    def told(self, language: Language) -> str:
        """Return the text in ``language``."""
        return self.th if language == "th" else self.en
