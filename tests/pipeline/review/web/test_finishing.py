"""Finishing the N-th case asks for a training, once; it starts nothing, and nothing there can undo the finish."""

import httpx
import pytest
from sqlalchemy import select

from pipeline.learning import triggers
from pipeline.store.tables import Setting, Submission, Training
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import store_case


@pytest.fixture
def cases(served: Running) -> list[int]:
    with served.store.transaction() as session:
        triggers.set_every(session, 2)
    return [store_case(served.store, served.home, f"d0{number}") for number in range(1, 4)]


def finish(client: httpx.Client, case: int) -> httpx.Response:
    tab = f"{case:08x}"
    for number in range(1, 7):
        sent = {"kind": "point", "point": number, "value": {"state": "done"}, "act_id": f"{tab}.{number}"}
        assert client.post(f"/cases/{case}/acts", json=sent).status_code == 200
    return client.post(
        f"/cases/{case}/acts", json={"kind": "finish", "value": {}, "seen": 99, "act_id": f"{tab}.99"}
    )


def trainings(served: Running) -> list[tuple[str, str, int]]:
    with served.store.reading() as session:
        rows = session.scalars(select(Training).order_by(Training.id)).all()
    return [(row.key, row.state, row.reviewed) for row in rows]


def test_the_nth_finished_case_asks_for_one_training(served: Running, cases: list[int]) -> None:
    client = served.client("malee")
    assert finish(client, cases[0]).status_code == 200
    assert trainings(served) == []
    assert finish(client, cases[1]).status_code == 200
    assert trainings(served) == [("count:2", "waiting", 2)]
    client.post(f"/cases/{cases[1]}/undo", json={"act_id": "cccccccc.u1"})
    client.post(f"/cases/{cases[1]}/redo", json={"act_id": "cccccccc.u2"})
    assert finish(client, cases[2]).status_code == 200
    assert trainings(served) == [("count:2", "waiting", 2)], "asked once, and not started by the page"
    assert triggers.pick_waiting(served.store) is not None, "the flow finds what was asked for"


def test_learning_out_of_order_never_breaks_the_finish(served: Running, cases: list[int]) -> None:
    with served.store.transaction() as session:
        session.get_one(Setting, triggers.EVERY_KEY).value = {"submissions": "no number"}
    assert finish(served.client("malee"), cases[0]).status_code == 200
    with served.store.reading() as session:
        assert session.get_one(Submission, cases[0]).state == "changed"
    assert trainings(served) == []
