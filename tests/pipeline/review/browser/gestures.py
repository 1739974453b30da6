"""What a hand does on the page, for more than one story."""

import re

from playwright.sync_api import Locator, Page, expect

A_LOOK_MS = 550
"""Longer than the moment after which evidence on the screen counts as seen."""


def confirm(page: Page, *points: int) -> None:
    """Confirm points as drafted: Enter shows what was not on the screen yet, and confirms once all was."""
    for point in points:
        card = page.locator(f"#card-{point}")
        expect(card).to_have_class(re.compile("current"))
        for _ in range(40):
            page.keyboard.press("Enter")
            if card.get_attribute("data-state"):
                break
            page.wait_for_timeout(A_LOOK_MS)
        assert card.get_attribute("data-state"), f"point {point} was never confirmed"


def send(page: Page, key: str = "Control+Enter") -> None:
    """Hand a case in that has an open finding, as the made-up ones do: asked once, answered by Enter."""
    page.keyboard.press(key)
    expect(page.locator("#sending [data-act=send]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#outcome")).to_have_attribute("data-finished", "yes")


def drag_over_first_half(page: Page, block: Locator) -> None:
    """Drag along the middle line of a block's box, from its left edge to the middle."""
    place = block.bounding_box()
    assert place is not None
    middle = place["y"] + place["height"] / 2
    page.mouse.move(place["x"] + 3, middle)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] / 3, middle, steps=4)
    page.mouse.move(place["x"] + place["width"] / 2, middle, steps=4)
    page.mouse.up()
