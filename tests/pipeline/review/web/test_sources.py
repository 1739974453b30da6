"""Templates, scripts and styles can be read: short lines, short scripts, and nothing but their formatters' layout."""

from pathlib import Path

import pytest

from pipeline.review.web.render import STATIC, TEMPLATES

LONGEST = 160
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
SOURCES = [*sorted(TEMPLATES.glob("*.html")), *SCRIPTS, *sorted((STATIC / "css").glob("*.css"))]


def test_the_sources_are_found() -> None:
    assert len(SCRIPTS) > 10 and len(SOURCES) > 35


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_line_is_too_long_to_read(path: Path) -> None:
    long = [n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if len(line) > LONGEST]
    assert not long, f"{path.name}: lines {long} are over {LONGEST} characters"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_does_one_thing(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("// "), f"{path.name} does not say what it is for"
    assert len(text.splitlines()) <= 250, f"{path.name} outgrew its purpose"


def test_words_of_a_document_stand_alone_in_their_element() -> None:
    """Selections are counted in characters of the element: a line break beside the text would shift every quote."""
    sheet = (TEMPLATES / "sheet.html").read_text("utf-8")
    assert ">{{ block.html }}</p>" in sheet
    assert ">{{ passage.quote|cells }}</blockquote>" in (TEMPLATES / "passage.html").read_text("utf-8")
