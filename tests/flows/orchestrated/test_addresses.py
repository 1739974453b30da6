"""The database's address as Prefect may show it, and back again."""

import pytest

from flows.orchestrated.addresses import found, shown
from rubric.exceptions import SettingsError

SECRET = "postgresql+psycopg://anong:Sesame-77@db.example/khetcheck"


@pytest.mark.parametrize(
    "store", [SECRET, "postgresql+psycopg://db.example/khetcheck?user=anong&password=Sesame-77"]
)
def test_a_password_stays_at_home_and_is_found_there(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Sesame" not in shown(store) and "db.example" in shown(store)
    monkeypatch.setenv("KHETCHECK_STORE", store)
    assert found(shown(store)) == store


@pytest.mark.parametrize(
    "store", ["sqlite:////srv/home/khetcheck.sqlite3", "postgresql+psycopg://db/khetcheck"]
)
def test_an_address_without_a_secret_is_whole(store: str) -> None:
    assert shown(store) == found(store) == store


@pytest.mark.parametrize("own", ["", "postgresql+psycopg://anong:Sesame-77@other.example/khetcheck"])
def test_a_machine_that_knows_another_database_says_so(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHETCHECK_STORE", own)
    with pytest.raises(SettingsError, match="KHETCHECK_STORE") as told:
        found(shown(SECRET))
    assert "db.example" in str(told.value) and "hidden" not in str(told.value)


def test_what_is_no_address_is_not_shown() -> None:
    assert shown("Sesame-77 and more") == ""
