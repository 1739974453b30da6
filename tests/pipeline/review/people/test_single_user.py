"""A page without users asks nobody; with the first user it asks everybody, without being started anew."""

import contextlib
from pathlib import Path

import httpx

from pipeline.review.people.single_user import KEPT_SECONDS, SingleUser
from pipeline.review.people.users import add_user, set_disabled
from pipeline.store.database import Store
from tests.pipeline.review.conftest import PASSWORD, running


def test_users_added_while_the_page_runs_have_to_log_in(tmp_path: Path) -> None:
    now = 0.0
    with contextlib.closing(Store.at(tmp_path)) as store, running(tmp_path, store) as page:
        context = page.app.state.context
        context.alone._clock = lambda: now
        context.alone._until = 0.0
        with httpx.Client(base_url=page.url) as officer:
            assert officer.get("/").status_code == 200
            with store.transaction() as session:
                add_user(session, "anong", PASSWORD, "lead")
            now = KEPT_SECONDS
            # the browser that was let in without a password is out again, and so is every other
            assert officer.get("/").status_code == 303
            assert officer.get("/").headers["location"].startswith("/login")
            assert httpx.get(page.url + "/api/v1/queue").status_code == 401


def test_a_page_that_others_reach_is_never_without_login(tmp_path: Path) -> None:
    with contextlib.closing(Store.at(tmp_path)) as store:
        assert not SingleUser(store, local=False).holds()
        assert SingleUser(store, local=True).holds()


def test_the_database_is_asked_once_in_a_while_and_not_for_every_picture(tmp_path: Path) -> None:
    now = 0.0
    with contextlib.closing(Store.at(tmp_path)) as store:
        alone = SingleUser(store, local=True, clock=lambda: now)
        assert alone.holds()
        with store.transaction() as session:
            add_user(session, "anong", PASSWORD, "lead")
        now = KEPT_SECONDS / 2
        assert alone.holds()
        now = KEPT_SECONDS
        assert not alone.holds()
        with store.transaction() as session:
            set_disabled(session, "anong", True)
        now = 2 * KEPT_SECONDS
        assert alone.holds()
