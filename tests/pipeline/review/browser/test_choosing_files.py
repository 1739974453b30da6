"""What is about to be sent into a round is named, and can be taken out again before it goes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.review.rounds.running import Screening
from pipeline.store.database import Store
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import running

pytestmark = pytest.mark.browser


def test_chosen_files_are_named_and_taken_out(
    house: tuple[Path, Store], visit: Callable[..., Page], tmp_path: Path
) -> None:
    parcels = [tmp_path / "รอบหก.zip", tmp_path / "รอบสิบสอง.zip"]
    for parcel in parcels:
        parcel.write_bytes(b"x" * 2000)
    with running(*house, screening=Screening(command=("true",))) as served:
        page = visit(served, "wanida", "/rounds")
        page.wait_for_load_state()
        page.set_input_files("#zips", parcels)
        listed = page.locator("#chosen-files li")
        expect(listed).to_have_text(["รอบหก.zip เอาออก", "รอบสิบสอง.zip เอาออก"])
        assert faults(page) == []
        page.get_by_role("button", name="เอาออก รอบหก.zip").click()
        expect(listed).to_have_count(1)
        expect(page.locator("#chosen")).to_contain_text("เลือกไว้ 1 ไฟล์")
        expect(listed.locator("button")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#chosen")).to_have_text("ยังไม่ได้เลือกไฟล์")
        page.set_input_files("#zips", parcels[0])
        expect(listed).to_have_count(1)
