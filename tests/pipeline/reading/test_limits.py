"""Every bound of reading can be set, is documented, works, and is named where a file passes it."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from flows.settings import load_settings
from pipeline.reading import DEFAULT_LIMITS, Limits, read_document, read_file
from pipeline.reading.limits import setting_of
from pipeline.reading.outcomes import LIMITS, over
from pipeline.screening.screener import reader_version
from rubric.exceptions import DocumentTooLarge, SettingsError
from tests.pipeline.reading.hostile import offices, pdfs

DOCS = (Path(__file__).parents[3] / "docs" / "reading.md").read_text("utf-8")
NAMES = [field.name for field in fields(Limits)]
TOO_LARGE = {
    "file_bytes": ("a.pdf", lambda: pdfs.good(2), {"file_bytes": 100}),
    "image_pixels": ("a.png", lambda: offices.picture("PNG", (1200, 1200)), {"image_pixels": 1000}),
    "image_pixels, twice": ("a.png", lambda: offices.picture("PNG", (1200, 1200)), {"image_pixels": 1_000_000}),
    "xml_bytes": ("a.docx", offices.good_docx, {"xml_bytes": 100}),
    "archive_entries": ("a.docx", offices.good_docx, {"archive_entries": 1}),
    "archive_bytes": ("a.docx", offices.good_docx, {"archive_bytes": 100}),
    "archive_ratio": (
        "a.docx",
        lambda: offices.docx("".join(offices.paragraph(str(n)) for n in range(30_000))),
        {"archive_ratio": 2},
    ),
    "output_bytes": ("a.docx", offices.good_docx, {"output_bytes": 100}),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_limit_is_a_setting(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(setting_of(name), "7")
    assert load_settings().limits == replace(DEFAULT_LIMITS, **{name: 7})


@pytest.mark.parametrize("name", NAMES)
def test_every_limit_is_documented_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{setting_of(name)}` \| (\d+)[ |]", DOCS, re.MULTILINE)
    assert row, f"docs/reading.md does not list {setting_of(name)}"
    assert float(row[1]) == getattr(DEFAULT_LIMITS, name)


@pytest.mark.parametrize(
    ("setting", "value"), [("PAGES", "-1"), ("PAGES", "many"), ("SECONDS", "inf"), ("PAGSE", "3")]
)
def test_a_wrong_limit_is_told_by_its_variable(
    setting: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"KHETCHECK_LIMITS__{setting}", value)
    with pytest.raises(SettingsError, match=f"KHETCHECK_LIMITS__{setting}"):
        load_settings()


@pytest.mark.parametrize("case", TOO_LARGE)
def test_a_file_over_a_limit_names_its_setting_and_is_read_under_a_higher_one(
    case: str, tmp_path: Path
) -> None:
    name, made, tight = TOO_LARGE[case]
    path = tmp_path / name
    path.write_bytes(made())
    problems = read_file(path, limits=replace(DEFAULT_LIMITS, **tight)).problems
    assert [problem.code for problem in problems] == ["too_large"]
    setting = setting_of(next(iter(tight)))
    assert setting in problems[0].message.th and setting in problems[0].message.en
    assert "too_large" not in {problem.code for problem in read_file(path).problems}


@pytest.mark.parametrize("limit", ["archive_bytes", "archive_ratio", "archive_entries", "archive_depth"])
def test_what_a_zip_leaves_out_names_the_setting(limit: str, tmp_path: Path) -> None:
    long = offices.docx("".join(offices.paragraph(f"{number}") for number in range(60_000)))
    inner = offices.zipped({"long.docx": long, "long.xml": b" " * (3 << 20)})
    path = tmp_path / "sent.zip"
    path.write_bytes(offices.zipped({"inner.zip": inner, "good.docx": offices.good_docx()}))
    low = {"archive_bytes": 10_000, "archive_ratio": 2, "archive_entries": 2, "archive_depth": 1}[limit]
    readings = read_document(path, limits=replace(DEFAULT_LIMITS, **{limit: low}))
    told = [p.message.en for p in readings[0].problems if p.code == "member_left_out"]
    assert any(setting_of(limit) in message for message in told), told


@pytest.mark.parametrize("name", LIMITS)
def test_the_remedy_names_the_setting_in_both_languages(name: str) -> None:
    remedy = over(DEFAULT_LIMITS, name).remedy
    assert remedy is not None and setting_of(name) in remedy.th and setting_of(name) in remedy.en
    assert isinstance(over(DEFAULT_LIMITS, name), DocumentTooLarge)


def test_under_other_limits_readings_are_made_again() -> None:
    usual = reader_version(ocr=True)
    assert reader_version(ocr=True, limits=Limits()) == usual
    more, other = Limits(pages=5000), Limits(image_pixels=5000)
    assert len({usual, reader_version(ocr=True, limits=more), reader_version(ocr=True, limits=other)}) == 3
