"""Rounds by HTTP: who may start them, from where, how they stand, and what is refused; their process is a stand-in here."""

import contextlib
import datetime as dt
import io
import os
import platform
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.review.rounds.overview import load_round
from pipeline.review.rounds.running import Runner, Screening
from pipeline.review.rounds.starting import folder_inbox
from pipeline.store.database import Store
from pipeline.store.submissions import Intake, record_failure
from pipeline.store.tables import Document, DraftRow, Round, Run, Submission, now
from pipeline.store.work.batches import begin_batch, break_off, end_batch, note_item
from pipeline.store.work.rounds import note_plan, note_round
from rubric.exceptions import AccessError, NotFoundError
from tests.pipeline.review.conftest import Running, people, running
from tests.pipeline.review.samples import store_case, take_part

WAITS = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
print("waiting", flush=True)
time.sleep(600)
"""
REFUSES = "import sys\nprint('<b>ไม่พบโฟลเดอร์</b>')\nsys.exit(2)"
VERSIONS = ("r", "m", "1")


def stand_in(program: str, **options: object) -> Screening:
    return Screening(command=(sys.executable, "-c", program), quick=("quick",), **options)  # type: ignore[arg-type]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Running]:
    home = tmp_path / "home"
    (tmp_path / "roots" / "inbox").mkdir(parents=True)
    with contextlib.closing(Store.at(home)) as store:
        people(store)
        screening = stand_in(WAITS, roots=(tmp_path / "roots",))
        with running(home, store, screening=screening) as page:
            yield page
            for process, inbox in processes(page):
                page.app.state.context.runner.stop(process, inbox)
            until(lambda: not any(page.app.state.context.runner.is_running(*one) for one in processes(page)))


def processes(page: Running) -> list[tuple[str, str]]:
    with page.store.reading() as work:
        return [(row.process, row.inbox) for row in work.scalars(select(Round)) if row.process]


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def form(client: httpx.Client, path: str, **values: str) -> httpx.Response:
    return client.post(path, data={"csrf": client.headers["X-CSRF-Token"], **values})


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return packed.getvalue()


def upload(client: httpx.Client, content: bytes, name: str = "x.zip", piece: int = 50) -> int:
    number = client.post("/rounds/uploads", json={"label": "รอบทดสอบ", "quick": True}).json()["round"]
    send(client, number, name, content, piece)
    return int(number)


def send(client: httpx.Client, number: int, name: str, content: bytes, piece: int = 50) -> None:
    at = 0
    while at < len(content):
        query = {"name": name, "at": at, "size": len(content)}
        answer = client.post(f"/rounds/{number}/files", params=query, content=content[at : at + piece])
        assert answer.status_code == 200, answer.text
        at = answer.json()["have"]


def test_a_lead_sends_a_zip_and_the_round_starts_and_stops(served: Running) -> None:
    lead = served.client("wanida")
    number = upload(lead, zipped("เขต 1/a.pdf", "เขต 2/b.pdf"))
    assert "ส่งไม่ครบ" in lead.get(f"/rounds/{number}").text
    assert lead.post(f"/rounds/{number}/sent", json={}).json() == {"to": f"/rounds/{number}"}
    assert "กำลังเริ่ม" in lead.get(f"/rounds/{number}").text
    with served.store.reading() as work:
        row = work.get_one(Round, number)
    assert sorted(path.name for path in Path(row.inbox).iterdir()) == ["เขต 1", "เขต 2"]
    assert form(lead, f"/rounds/{number}/start").status_code == 422, "it runs already"
    assert (
        lead.post(
            f"/rounds/{number}/files", params={"name": "a", "at": 0, "size": 1}, content=b"x"
        ).status_code
        == 422
    )
    until(lambda: served.app.state.context.runner.last_words(number) == "waiting")
    assert form(lead, f"/rounds/{number}/stop").status_code == 303
    until(lambda: "เริ่มไม่สำเร็จ" in lead.get(f"/rounds/{number}").text)
    assert form(lead, f"/rounds/{number}/start").status_code == 303
    assert "กำลังเริ่ม" in lead.get("/rounds").text


PIECE = "/rounds/1/files?name=a&at=0&size=1"


@pytest.mark.parametrize(
    "path", ["/rounds/uploads", "/rounds/1/sent", "/rounds/1/clear", "/rounds/1/mend", PIECE]
)
def test_reviewers_look_on_and_start_nothing(served: Running, path: str) -> None:
    upload(served.client("wanida"), zipped("s/a.pdf"))
    reader = served.client("malee")
    page = reader.get("/rounds").text
    assert "รอบทดสอบ" in page and 'id="upload"' not in page
    body = {"submission": "s"} if path.endswith("mend") else {}
    assert reader.post(path, json=body).status_code == 403
    for act in ("start", "stop"):
        assert form(reader, f"/rounds/1/{act}").status_code == 403
    assert form(reader, "/rounds", kind="folder", place="/").status_code == 403


def test_no_request_without_the_session_s_token_is_heard(served: Running) -> None:
    lead = served.client("wanida")
    number = upload(lead, zipped("s/a.pdf"))
    for path in ("/rounds/uploads", f"/rounds/{number}/sent", f"/rounds/{number}/files?name=a&at=0&size=1"):
        assert lead.post(path, json={}, headers={"X-CSRF-Token": "0" * 64}).status_code == 403


def test_a_round_starts_from_an_allowed_folder_only(served: Running, tmp_path: Path) -> None:
    lead = served.client("wanida")
    (tmp_path / "roots" / "way out").symlink_to("/")
    for place in (
        "/",
        "/etc",
        str(tmp_path),
        str(tmp_path / "roots" / ".."),
        str(tmp_path / "roots" / "way out" / "etc"),
    ):
        assert form(lead, "/rounds", kind="folder", place=place).status_code == 403, place
    for place in (str(tmp_path / "roots" / "none"), "", "s3://x", "a\0b"):
        assert form(lead, "/rounds", kind="folder", place=place).status_code in (403, 404), place
    answer = form(lead, "/rounds", kind="folder", place=str(tmp_path / "roots" / "inbox"), quick="true")
    assert answer.status_code == 303
    assert "กำลังเริ่ม" in lead.get(answer.headers["location"]).text


def test_a_round_starts_from_a_configured_source_by_its_name(tmp_path: Path) -> None:
    tells = "import sys\nprint('asked for', sys.argv[-1])\nsys.exit(2)"
    with contextlib.closing(Store.at(tmp_path / "home")) as store:
        people(store)
        screening = stand_in(tells, sources={"province": "sftp://files.example/rounds"})
        with running(tmp_path / "home", store, screening=screening) as page:
            lead = page.client("wanida")
            assert "<option>province</option>" in lead.get("/rounds").text
            assert form(lead, "/rounds", kind="source", place="other").status_code == 404
            answer = form(lead, "/rounds", kind="source", place="province")
            assert answer.status_code == 303
            there = answer.headers["location"]
            until(lambda: "asked for province" in lead.get(there).text)
            with store.reading() as work:
                row = work.scalars(select(Round)).one()
            assert (row.kind, row.inbox) == ("source", "sftp://files.example/rounds")
            assert form(lead, f"{there}/start").status_code == 303
            until(lambda: "asked for province" in lead.get(there).text)


def test_any_folder_is_allowed_to_one_person_alone_and_to_nobody_else(tmp_path: Path) -> None:
    assert folder_inbox(Screening(command=("x",)), str(tmp_path), alone=True) == str(tmp_path.resolve())
    with pytest.raises(AccessError):
        folder_inbox(Screening(command=("x",)), str(tmp_path), alone=False)
    with pytest.raises(AccessError):
        folder_inbox(Screening(command=("x",), any_folder=False), str(tmp_path), alone=True)
    with pytest.raises(NotFoundError):
        folder_inbox(Screening(command=("x",)), str(tmp_path / "none"), alone=True)


def test_a_process_that_cannot_begin_says_why_escaped(tmp_path: Path) -> None:
    with contextlib.closing(Store.at(tmp_path / "home")) as store:
        people(store)
        with running(tmp_path / "home", store, screening=stand_in(REFUSES)) as page:
            lead = page.client("wanida")
            number = upload(lead, zipped("s/a.pdf"))
            lead.post(f"/rounds/{number}/sent", json={})
            until(lambda: "เริ่มไม่สำเร็จ" in lead.get(f"/rounds/{number}").text)
            assert "&lt;b&gt;ไม่พบโฟลเดอร์" in lead.get(f"/rounds/{number}").text


def test_without_a_command_nothing_can_be_started(house: tuple[Path, Store]) -> None:
    with running(*house) as page:
        lead = page.client("wanida")
        assert 'id="upload"' not in lead.get("/rounds").text
        number = upload(lead, zipped("s/a.pdf"))
        assert lead.post(f"/rounds/{number}/sent", json={}).status_code == 422


def test_a_file_is_mended_by_the_page_and_tried_again(served: Running) -> None:
    lead = served.client("wanida")
    number = upload(lead, zipped("s1/a.pdf", "s2/b.pdf"))
    lead.post(f"/rounds/{number}/sent", json={})
    form(lead, f"/rounds/{number}/stop")
    until(lambda: "กำลังเริ่ม" not in lead.get(f"/rounds/{number}").text)
    with served.store.transaction() as work:
        row = work.get_one(Round, number)
        batch = begin_batch(work, row.inbox, VERSIONS)
        run = take_part(work, batch, row.process)
        reason = {"code": "unreadable", "th": "อ่านไม่ได้เลย", "en": "No document could be read"}
        failed = record_failure(work, Intake("s1", f"{row.inbox}/s1", "k"), [], reason)
        note_item(work, batch, failed.submission_id, "failed", run_id=run, reason=reason)
        note_plan(work, batch, 2, quick=True)
        end_batch(work, batch)
    page = lead.get(f"/rounds/{number}").text
    assert "อ่านไม่ได้เลย" in page and "แทนที่ไฟล์ที่เสียหาย" in page and '<option value="a.pdf"' in page
    assert '<form class="mend' not in served.client("malee").get(f"/rounds/{number}").text
    assert lead.post(f"/rounds/{number}/clear", json={}).status_code == 204
    send(lead, number, "a-ใหม่.pdf", b"whole")
    asked = {"submission": "s1", "replaced": "a.pdf"}
    assert lead.post(f"/rounds/{number}/mend", json={**asked, "submission": "../s2"}).status_code == 404
    assert lead.post(f"/rounds/{number}/mend", json=asked).status_code == 200
    inbox = Path(row.inbox)
    assert [path.name for path in (inbox / "s1").iterdir()] == ["a-ใหม่.pdf"]
    assert "กำลังเริ่ม" in lead.get(f"/rounds/{number}").text


def test_failed_submissions_stand_in_the_queue_with_the_way_to_their_round(served: Running) -> None:
    with served.store.transaction() as work:
        row = note_round(work, "/somewhere/inbox")
        batch = begin_batch(work, row.inbox, VERSIONS)
        run = take_part(work, batch, "elsewhere:1")
        reason = {
            "code": "no_documents",
            "th": "ไม่มีเอกสารในโฟลเดอร์นี้",
            "en": "There are no documents in this folder.",
        }
        failed = record_failure(
            work, Intake("s1", "x", "", office="สพป.ศรีธารา 2", office_key="สพป.ศรีธารา 2"), [], reason
        )
        note_item(work, batch, failed.submission_id, "failed", run_id=run, reason=reason)
        end_batch(work, batch)
        number = row.id
    reader = served.client("malee")
    for path in ("/", "/?state=failed", "/?search=ศรีธารา", f"/?batch={number}"):
        page = reader.get(path).text
        assert "ไม่มีเอกสารในโฟลเดอร์นี้" in page and "เพิ่มเอกสารลงในโฟลเดอร์นี้" in page, path
        assert f'href="/rounds/{number}#failed-{failed.submission_id}"' in page
    for path in ("/?state=draft", "/?whose=mine", "/?search=นครวารี", "/?batch=99"):
        assert "ไม่มีเอกสารในโฟลเดอร์นี้" not in reader.get(path).text, path


def test_how_a_round_stands_follows_its_newest_batch(sqlite_store: Store, tmp_path: Path) -> None:
    runner = Runner(Screening(), tmp_path)

    def state() -> str:
        with sqlite_store.reading() as work:
            return load_round(work, runner, 1).state

    with sqlite_store.transaction() as work:
        note_round(work, "in")
        first = begin_batch(work, "in", VERSIONS)
        take_part(work, first, "far-away:1")
    assert state() == "elsewhere"
    with sqlite_store.transaction() as work:
        work.execute(update(Run).values(alive_until=now() - dt.timedelta(minutes=10)))
    assert state() == "stopped", "its machine has been silent for long"
    with sqlite_store.transaction() as work:
        break_off(work, first)
    assert state() == "stopped"
    with sqlite_store.transaction() as work:
        second = begin_batch(work, "in", VERSIONS)
        run = take_part(work, second, f"{platform.node()}:{2**30}")
        note_plan(work, second, 4, quick=False)
    assert state() == "stopped", "its process died"
    with sqlite_store.transaction() as work:
        work.add(Submission(name="s"))
        work.flush()
        note_item(work, second, 1, "drafted", run_id=run)
        end_batch(work, second)
    assert state() == "finished"
    with sqlite_store.reading() as work:
        view = load_round(work, runner, 1)
    assert (view.done, view.total, view.quick) == (1, 4, False)


def test_a_number_given_to_another_process_is_not_taken_for_the_round(tmp_path: Path) -> None:
    runner = Runner(Screening(), tmp_path)
    here = f"{platform.node()}:{os.getpid()}"
    assert not runner.is_running(here, "/no/such/inbox")
    assert not runner.stop(here, "/no/such/inbox")
    for odd in (
        "",
        "x",
        ":",
        "host:",
        f"{platform.node()}:0",
        f"{platform.node()}:1",
        f"{platform.node()}:-5",
    ):
        assert not runner.is_running(odd, "/no/such/inbox")


def test_a_finished_round_tells_what_could_not_be_read_and_nothing_of_what_is_read_blind(
    served: Running,
) -> None:
    case = store_case(served.store, served.home, "d01")
    with served.store.transaction() as work:
        number = note_round(work, "in").id
        batch = begin_batch(work, "in", VERSIONS)
        run = take_part(work, batch, "elsewhere:1")
        draft = work.scalars(select(DraftRow.id)).one()
        note_item(work, batch, case, "drafted", run_id=run, draft_id=draft)
        file = work.scalars(select(Document)).one()
        file.outcome = {**file.outcome, "problem": "ไฟล์เสียหาย อ่านไม่ได้", "problem_en": "The file is broken."}
        end_batch(work, batch)
    lead = served.client("wanida")
    page = lead.get(f"/rounds/{number}").text
    assert "ไฟล์ที่อ่านไม่ได้หรืออ่านได้ไม่ครบ (1)" in page and "ไฟล์เสียหาย อ่านไม่ได้" in page
    badge = f'href="/rounds/{number}#unread">อ่านไม่ได้หรือไม่ครบ 1 ไฟล์</a>'
    assert badge in lead.get("/rounds").text
    assert page.count("สพป.ศรีธารา 2") == 2 and 'id="none-failed"' in page and "ตรวจรอบนี้ซ้ำ" in page
    with served.store.transaction() as work:
        set_shares(work, Shares(1.0, 0.0), None)
    page = lead.get(f"/rounds/{number}").text
    assert "สพป.ศรีธารา 2" not in page and "ไฟล์เสียหาย" not in page
    assert badge not in lead.get("/rounds").text
    assert "1 กรณีตรวจแบบไม่เห็นร่าง" in page and 'href="/?reason=blind"' in page
    found = lead.get("/?search=ศรีธารา").text
    assert f'href="/cases/{case}"' not in found and "reason=blind" in found
    assert f'href="/cases/{case}"' in lead.get("/?reason=blind").text


def test_where_a_round_lies_and_by_which_model_stand_folded_below_it(served: Running) -> None:
    with served.store.transaction() as work:
        row = note_round(work, "/somewhere/inbox")
        end_batch(work, begin_batch(work, row.inbox, ("r", "model-17", "1")))
        number = row.id
    for name, sees_path in (("wanida", True), ("malee", False)):
        page = served.client(name).get(f"/rounds/{number}").text
        above, _, below = page.partition('<details class="technical">')
        assert "/somewhere/inbox" not in above and "model-17" not in above
        assert "รายละเอียดทางเทคนิค" in below and "model-17" in below
        assert ("/somewhere/inbox" in below) is sees_path, name
    assert "model-17" not in served.client("wanida").get("/rounds").text
