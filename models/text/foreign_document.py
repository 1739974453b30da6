"""Whether a document is of another body altogether: it names no area office and hardly speaks of schools.

A budget act, a university's regulation or a software manual put into the folder by mistake has passages that sound like practice,
and a classifier that sees one passage at a time cannot know better. The whole document tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LEAST = 10_000
"""Characters from which on a document is judged so: a short annex (a certificate, a list of names) may well name neither."""
_SCHOOL_SHARE = 0.03
"""Share of passages that speak of schools; offices' own documents of this length have 8 % and more, foreign ones under 2 %."""
_AREA_OFFICE = re.compile(r"สพ[ปมท]\.?|เขตพื้นที่|สำนักงานเขต(?!การ)|สนง\.?\s*เขต")
_SCHOOL = re.compile(r"สพฐ|ก\.?ต\.?ป\.?น|โรงเรียน|สถานศึกษา|ครู|นักเรียน")


def is_foreign(texts: Sequence[str]) -> bool:
    """Tell whether the passages of one document speak of neither area offices nor, but here and there, schools.

    >>> is_foreign(["มาตรา ๗ ให้อธิการบดีมีอำนาจออกระเบียบ"] * 400)
    True
    >>> is_foreign(["มาตรา ๗ ให้อธิการบดีมีอำนาจออกระเบียบ"] * 400 + ["เสนอ สพป.ศรีธารา เขต 2"])
    False
    """
    if sum(map(len, texts)) < LEAST or any(_AREA_OFFICE.search(text) for text in texts):
        return False
    return sum(bool(_SCHOOL.search(text)) for text in texts) < _SCHOOL_SHARE * len(texts)
