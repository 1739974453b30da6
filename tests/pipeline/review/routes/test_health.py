"""What machines ask: is the page well, and its figures; who may read them."""

import contextlib
import datetime as dt
import re
from pathlib import Path

import httpx
from sqlalchemy import text

from pipeline.health.metrics import metrics_text
from pipeline.review.people.users import make_token
from pipeline.store.database import Store
from pipeline.store.tables import Batch, Claim, Delivery, Run, Submission, Waiting
from tests.pipeline.review.conftest import Running, running
from tests.pipeline.review.samples import store_case

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"\n]*"\})? -?\d+(\.\d+)?(e-?\d+)?')


def test_a_page_that_is_well_says_so_without_login(calm: Running) -> None:
    answer = httpx.get(f"{calm.url}/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "tables": "current"}
    assert "set-cookie" not in answer.headers


def test_tables_of_another_version_and_a_lost_database_are_told(served: Running) -> None:
    with served.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    other = httpx.get(f"{served.url}/healthz")
    assert other.status_code == 503 and other.json() == {
        "status": "fail",
        "database": True,
        "tables": "other",
    }
    served.store.close()
    database = served.home / "khetcheck.sqlite3"
    for path in served.home.glob("khetcheck.sqlite3*"):
        path.unlink()
    database.mkdir()
    gone = httpx.get(f"{served.url}/healthz")
    assert gone.status_code == 503 and gone.json() == {
        "status": "fail",
        "database": False,
        "tables": "unknown",
    }


def test_figures_are_for_leads(calm: Running) -> None:
    assert httpx.get(f"{calm.url}/metrics").status_code in {303, 401}
    assert calm.client("malee").get("/metrics").status_code == 403
    assert calm.client("wanida").get("/metrics").status_code == 200
    with calm.store.transaction() as session:
        lead, reviewer = (make_token(session, name) for name in ("wanida", "malee"))
    scraped = httpx.get(f"{calm.url}/metrics", headers={"Authorization": f"Bearer {lead}"})
    assert scraped.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'khetcheck_submissions{state="draft"} 1\n' in scraped.text
    assert "khetcheck_queue_length 1\n" in scraped.text
    assert (
        httpx.get(f"{calm.url}/metrics", headers={"Authorization": f"Bearer {reviewer}"}).status_code == 403
    )
    assert httpx.get(f"{calm.url}/metrics", headers={"Authorization": "Bearer wrong"}).status_code in {
        303,
        401,
    }


def test_a_page_without_users_shows_its_figures(tmp_path: Path) -> None:
    with contextlib.closing(Store.at(tmp_path)) as store, running(tmp_path, store) as page:
        assert "khetcheck_drafts 0\n" in httpx.get(f"{page.url}/metrics", follow_redirects=True).text


def test_the_figures_are_what_is_stored_in_the_form_that_is_scraped(store: Store, tmp_path: Path) -> None:
    store_case(store, tmp_path, "d01")
    with store.transaction() as session:
        for number, code in enumerate(["unreadable", "unreadable", 'odd"\\']):
            submission = Submission(name=f"f{number}", state="failed")
            session.add(submission)
            session.flush()
            failure = {"code": code, "th": "", "en": ""}
            session.add(Delivery(submission_id=submission.id, number=1, files_key="k", failure=failure))
    with store.reading() as session:
        told = metrics_text(session)
    assert 'khetcheck_failures{code="unreadable"} 2\n' in told
    assert 'khetcheck_failures{code="odd\\"\\\\"} 1\n' in told
    assert 'khetcheck_submissions{state="failed"} 3\n' in told
    for line in told.splitlines():
        assert line.startswith(("# HELP khetcheck_", "# TYPE khetcheck_")) or LINE.fullmatch(
            line.replace('odd\\"\\\\', "odd")
        ), line
    kinds = re.findall(r"# TYPE (\w+) ", told)
    assert len(kinds) == len(set(kinds))


def test_claims_are_counted_and_the_oldest_that_ran_out_is_told(store: Store) -> None:
    now = dt.datetime.now(dt.UTC)
    with store.transaction() as session:
        batch = Batch(inbox="x", rubric="r", model="m", reader="2")
        session.add(batch)
        session.flush()
        session.add(Waiting(batch_id=batch.id, submission="s03"))
        run = Run(batch_id=batch.id, host="h", pid=1)
        session.add(run)
        session.flush()
        for name, token, hours in (("s01", "a", 1), ("s02", "b", -1), ("let go of", "", -99)):
            until = now + dt.timedelta(hours=hours)
            session.add(Claim(submission=name, versions="v", token=token, run_id=run.id, until=until))
    with store.reading() as session:
        told = metrics_text(session)
    assert "khetcheck_claims 1\n" in told and "khetcheck_waiting 1\n" in told
    assert 3500 < float(told.split("khetcheck_oldest_claim_overdue_seconds ")[-1].split()[0]) < 3900
