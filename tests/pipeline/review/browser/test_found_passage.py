"""A search in the documents' text opens the case where it was found: the block is in sight and marked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline.store.tables import BlockRow, Document
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import Sent, store_case

pytestmark = pytest.mark.browser


def test_the_found_block_is_marked_and_in_sight_on_the_page_and_in_its_text(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=documents)
    with served.store.reading() as work:
        document, block = work.execute(
            select(Document, BlockRow)
            .join(BlockRow, BlockRow.reading_id == Document.reading_id)
            .where(BlockRow.page == 2, BlockRow.type == "paragraph")
            .order_by(BlockRow.position.desc())
            .limit(1)
        ).one()
    where = f"/cases/{case}?doc={document.id}&sheet=2#block-{block.position}"
    page = visit(served, "malee", where)
    page.goto(served.url + where)  # logging in leads back to the case; what follows # the server never sees
    page.wait_for_selector("html[data-ready=yes]")
    found = page.locator(f".block-box.found[data-block='{block.position}']").first
    expect(found).to_be_in_viewport()
    page.keyboard.press("x")
    text = page.locator(f".text-view #block-{block.position}.found")
    expect(text).to_be_in_viewport()
    assert page.locator(".text-view .found").count() == 1
