"""The report of a batch: its figures are those of the store, charts and tables say the same, nothing is fetched from outside."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pdfplumber
import pytest

from pipeline.export.report.batch_figures import batch_figures
from pipeline.export.report.batch_report import write_report
from pipeline.export.report.charts import Bar, bars
from pipeline.export.report.regions import PROVINCES, region_of
from pipeline.export.request import Request
from pipeline.reading import DEFAULT_LIMITS
from pipeline.store.database import Store
from pipeline.store.tables import BatchItem
from pipeline.store.work.batches import begin_batch, end_batch
from rubric.exceptions import NotFoundError, SettingsError
from tests.needs import needs_office
from tests.pipeline.export import reviewed
from tests.pipeline.review.samples import RUBRIC

ASKED = Request(rubric=RUBRIC, batch=1)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("home")
    store = Store.at(home)
    reviewed.fill(store, home)
    with store.transaction() as session:
        number = begin_batch(session, "inbox", (RUBRIC.name, "words-1", "2"))
        session.add_all(
            BatchItem(batch_id=number, submission_id=one, draft_id=one, outcome="drafted")
            for one in (1, 2, 3)
        )
        end_batch(session, number)
    yield store
    store.close()


def test_the_figures_are_those_of_the_store(filled: Store) -> None:
    with filled.snapshot() as session:
        figures = batch_figures(session, ASKED)
    assert (figures.submissions, figures.decided, figures.disputed) == (3, 2, 1)
    assert figures.drafts == {1: 3} and figures.finals == {3: 1, 5: 1}
    assert figures.levels[5] == {"done": 2, "clear": 1}, "decided where somebody decided, else drafted"
    assert figures.reread == (1, 0)
    assert figures.score_promise.cases == 2 and figures.score_promise.right == 0
    assert figures.kinds["Primary"].offices == 2 and figures.kinds["Kind unknown"].offices == 1
    with filled.snapshot() as session, pytest.raises(NotFoundError):
        batch_figures(session, Request(rubric=RUBRIC, batch=9))


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_stands_alone_and_names_no_reviewer(filled: Store, tmp_path: Path, language: str) -> None:
    out = tmp_path / "report.html"
    write_report(filled, out, Request(rubric=RUBRIC, batch=1, language=language), DEFAULT_LIMITS)  # type: ignore[arg-type]
    page = out.read_text("utf-8")
    assert not re.search(r"(?:src|href)=\"(?!data:image/svg)", page) and "<script" not in page
    assert "มาลี" not in page and "HYPERLINK" not in page
    charts = re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", page)
    assert len(charts) >= 6
    for chart in charts:
        ElementTree.fromstring(base64.b64decode(chart))
    assert "words-1" in page and RUBRIC.name in page


def test_bars_are_as_long_as_their_numbers_and_bear_them() -> None:
    chart = bars([Bar("ก & <ข>", (4, 2)), Bar("ง", (3,)), Bar("จ", (0,))], ("หนึ่ง", "สอง"))
    root = ElementTree.fromstring(chart.svg)
    space = "{http://www.w3.org/2000/svg}"
    widths = [float(one.get("width", 0)) for one in root.iter(f"{space}rect")][2:]
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.01) and widths[2] == pytest.approx(
        0.75 * widths[0], rel=0.01
    )
    texts = [one.text for one in root.iter(f"{space}text")]
    assert texts == ["หนึ่ง", "สอง", "ก & <ข>", "6", "ง", "3", "จ", "0"]


def test_every_province_has_one_region() -> None:
    assert len(PROVINCES) == 77
    assert region_of("จังหวัดตาก").en == "West" and region_of("กรุงเทพมหานคร").en == "Central"


@needs_office
def test_the_pdf_says_the_same_in_the_type_of_offices(filled: Store, tmp_path: Path) -> None:
    write_report(filled, tmp_path / "report.pdf", ASKED, DEFAULT_LIMITS)
    with pdfplumber.open(tmp_path / "report.pdf") as pdf:
        letters = [one for page in pdf.pages for one in page.chars if "\u0e01" <= one["text"] <= "\u0e2e"]
    fonts = {one["fontname"].split("+")[-1].split("-")[0] for one in letters}
    assert len(letters) > 300 and fonts <= {"Laksaman", "THSarabunNew"}
    with pytest.raises(SettingsError):
        write_report(filled, tmp_path / "report.odt", ASKED, DEFAULT_LIMITS)
