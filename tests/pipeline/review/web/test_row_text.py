"""A row of a table reads as a line, with its marks; other text stays as it is."""

import pytest
from markupsafe import Markup

from pipeline.review.web.row_text import cells


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("| 3 | แจ้งผล | ร้อยละ 77 |", "3 · แจ้งผล · ร้อยละ 77"),
        ("| <mark>a</mark> | b &lt;|&gt; |", "<mark>a</mark> · b &lt; · &gt;"),
        ("<mark>| a</mark> | b |", "<mark>a</mark> · b"),
        ("ก่อน | หลัง", "ก่อน | หลัง"),
        ("|", ""),
    ],
)
def test_a_row_of_a_table_reads_as_a_line(quote: str, shown: str) -> None:
    assert cells(Markup(quote)) == shown
