"""The manuals on the page are those of docs/, and the hints go for good."""

from pathlib import Path

import pytest

from tests.pipeline.review.conftest import Running

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("who", ["reviewer", "officer"])
def test_the_page_shows_the_same_manual_as_the_docs(calm: Running, who: str) -> None:
    docs = (ROOT / "docs" / f"manual-{who}.md").read_text("utf-8")
    assert (ROOT / "pipeline" / "review" / "manuals" / f"manual-{who}.md").read_text("utf-8") == docs
    page = calm.client("malee").get(f"/help/{who}").text
    titles = [line.lstrip("# ") for line in docs.splitlines() if line.startswith("#")]
    assert titles and all(f">{title}</h" in page for title in titles)
    assert "<table>" in page and "![" not in page and "screenshots/" not in page


def test_each_role_finds_its_manual_in_the_head(calm: Running) -> None:
    for name, who in (("malee", "reviewer"), ("wanida", "officer"), ("admin", "officer")):
        assert f'href="/help/{who}"' in calm.client(name).get("/board").text
    assert calm.client("malee").get("/help/nobody").status_code == 422
    assert calm.client().get("/help/reviewer").headers["location"].startswith("/login")


def test_three_hints_are_shown_until_they_are_put_away(served: Running) -> None:
    malee = served.client("malee")
    page = malee.get("/").text
    hints = page.partition('class="notice hints"')[2].partition("</section>")[0]
    assert hints.count("<li>") == 3 and "/help/officer" not in hints
    lead = (
        served.client("wanida").get("/").text.partition('class="notice hints"')[2].partition("</section>")[0]
    )
    assert lead.count("<li>") == 3 and lead.index("/help/officer") < lead.index("/rounds") < lead.index(
        "/help/reviewer"
    )
    assert malee.post("/hints", data={"csrf": malee.headers["X-CSRF-Token"]}).status_code == 303
    assert 'class="notice hints"' not in malee.get("/").text
    assert 'class="notice hints"' in served.client("somchai").get("/").text
