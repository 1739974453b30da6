"""Starting the review page: refuses to be reachable from elsewhere before anybody can log in."""

from __future__ import annotations

import uvicorn

from pipeline.learning.ordering.places import has_unplaced, place_all
from pipeline.review.app import create_app
from pipeline.review.people.users import count_users
from pipeline.review.settings import ReviewSettings
from pipeline.store.database import Store
from rubric import Rubric
from rubric.exceptions import AccessError
from rubric.language import Bilingual


def check_may_serve(settings: ReviewSettings, store: Store) -> None:
    """Refuse an address that others reach while there are no users.

    Raises:
        AccessError: there are none.
    """
    with store.reading() as work:
        users = count_users(work)
    if not settings.is_loopback and users == 0:
        raise AccessError(
            Bilingual(
                f"จะเปิดหน้าตรวจที่ {settings.host} ให้เครื่องอื่นเข้าถึงไม่ได้ เพราะยังไม่มีผู้ใช้",
                f"The review page is not opened to other machines at {settings.host}: there are no users yet.",
            ),
            Bilingual(
                "สร้างผู้ใช้ก่อนด้วย khetcheck users add ชื่อ --role lead หรือใช้ --host 127.0.0.1",
                "First make one with `khetcheck users add NAME --role lead`, or use --host 127.0.0.1.",
            ),
        )


def serve(settings: ReviewSettings, store: Store, rubric: Rubric | None = None) -> None:
    """Run the review page until it is stopped.

    Raises:
        AccessError: others could reach it and there are no users.
    """
    check_may_serve(settings, store)
    with store.reading() as work:
        unplaced = has_unplaced(work)
    if unplaced:  # drafts of an earlier version, or of a batch that was killed before its end
        place_all(store)
    app = create_app(settings, store, rubric)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        server_header=False,
        date_header=True,
    )
