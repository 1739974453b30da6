"""What an officer sets for themselves and for others, from the screen alone: words stand where the eye is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import PASSWORD, Running

pytestmark = pytest.mark.browser


def change_password(page: Page, new: str) -> None:
    for name, typed in (("old", PASSWORD), ("new", new), ("again", new)):
        page.fill(f"#password-{name}", typed)
    page.click(".password-form button")


def test_a_refused_password_says_why_at_its_field_and_a_taken_one_says_what_was_done(
    served: Running, visit: Callable[..., Page]
) -> None:
    page = visit(served, "malee", "/preferences")
    expect(page.locator("#password-rule")).to_have_text("ยาว 10–200 ตัวอักษร")
    expect(page.locator("#password-rule")).to_be_in_viewport()
    change_password(page, "สั้น")
    told = page.locator("#password-problem")
    expect(told).to_have_text("รหัสผ่านต้องยาว 10–200 ตัวอักษร")
    expect(told).to_be_in_viewport()
    expect(page.locator("#password-new")).to_be_focused()
    assert faults(page) == []
    change_password(page, "รหัสผ่านใหม่-2569")
    expect(page.locator("#kept")).to_have_text("เปลี่ยนรหัสผ่านแล้ว")


def test_saved_is_not_said_of_what_was_chosen_since(served: Running, visit: Callable[..., Page]) -> None:
    page = visit(served, "malee", "/preferences")
    page.locator("[name=size][value=large]").check()
    page.click(".sight-form button")
    expect(page.locator("#kept")).to_have_text("บันทึกการตั้งค่าแล้ว")
    page.wait_for_load_state()  # the scripts too
    page.locator("[name=theme][value=dark]").check()
    expect(page.locator("#kept")).to_have_text("ที่เลือกใหม่ยังไม่ได้บันทึก กด บันทึก เพื่อใช้")


def test_people_are_in_the_menu_and_a_first_password_is_copied(
    served: Running, visit: Callable[..., Page]
) -> None:
    page = visit(served, "admin", "/")
    page.locator(".places a[href='/people']").click()
    expect(page.locator("h1")).to_have_text("ผู้ใช้")
    expect(page.locator("#name-rule")).to_be_visible()
    page.fill("#name", "มาลี")
    page.fill("#shown", "มาลี ใจดี")
    page.click(".add-person button")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#name")).to_have_value("มาลี")
    expect(page.locator("#shown")).to_have_value("มาลี ใจดี")
    page.fill("#name", "anong")
    page.click(".add-person button")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.wait_for_load_state()
    password = page.locator(".first-password code").inner_text()
    page.locator("[data-copies]").click()
    expect(page.locator("[data-copies]")).to_have_text("คัดลอกแล้ว")
    assert page.evaluate("navigator.clipboard.readText()") == password
    assert faults(page) == []
    assert visit(served, "wanida", "/").locator(".places a[href='/people']").count() == 0
