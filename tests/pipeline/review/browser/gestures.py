"""What a hand with a mouse does on the page, for more than one story."""

from playwright.sync_api import Locator, Page


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
