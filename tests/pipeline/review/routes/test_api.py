"""The JSON twin: its schema holds under schemathesis, and it says what the pages say."""

import schemathesis
from hypothesis import HealthCheck, given, settings

from pipeline.review.people.users import make_token
from tests.pipeline.review.conftest import Running


def test_schemathesis_finds_nothing(calm: Running) -> None:
    client = calm.client("wanida")
    document = client.get("/api/openapi.json").json()
    assert set(document["paths"]) >= {
        "/api/v1/queue",
        "/api/v1/cases/{case}/draft",
        "/api/v1/cases/{case}/decisions",
    }
    schema = schemathesis.openapi.from_dict(document)
    with calm.store.transaction() as session:
        headers = {"Authorization": f"Bearer {make_token(session, 'wanida')}"}

    for operation in schema.get_all_operations():
        one = operation.ok()

        @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=one.as_strategy())
        def check(case: schemathesis.Case) -> None:
            answer = case.call(base_url=calm.url, headers=headers)
            case.validate_response(answer)

        check()
