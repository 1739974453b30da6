"""The text of a page: tables as tables, every letter where selecting counts it, marks in the colour of their point."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.pages.text_view import cells_of

TEXTS = st.text(st.sampled_from("กขคำ้เ | 12a<&\t"), max_size=40)


def letters(cells: tuple[object, ...]) -> str:
    """What a browser gives as the text of the cells."""
    plain = re.sub(r"</?(?:span|mark)[^>]*>", "", "".join(map(str, cells)))
    return plain.replace("&lt;", "<").replace("&#39;", "'").replace("&amp;", "&")


def test_a_row_is_its_cells_and_its_strokes_are_not_seen() -> None:
    cells = cells_of("| ที่ | โรงเรียน | ชาย |", [(0, 23, "point tone-2")])
    assert [re.sub("<span.*?</span>", "", str(cell)) for cell in cells] == [
        f'<mark class="point tone-2">{text}</mark>' for text in ("ที่", "โรงเรียน", "ชาย")
    ]


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_no_letter_is_lost_whatever_a_row_holds(text: str, start: int, end: int) -> None:
    spans = [(min(start, end), min(max(start, end), len(text)), "point tone-1")]
    assert letters(cells_of(text, spans)) == text
