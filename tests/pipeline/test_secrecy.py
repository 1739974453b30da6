"""No password leaves by an address, an error, or a log."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import secrecy
from pipeline.secrecy import holds_secret, safe_cause, shown_address, withhold, withhold_of, without_secrets

AWKWARD = st.text(string.ascii_letters + string.digits + ":/@?#!$&%+", min_size=4, max_size=20)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrecy, "_words", set())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("sftp://bob:SECRETPW@host:22/in", "sftp://host:22/in"),
        ("sftp://SECRETUSER@host/in", "sftp://host/in"),
        ("simplecache::sftp://bob:SECRETPW@host/in", "simplecache::sftp://host/in"),
        ("sftp://bob:SECRET/P@W?#x@host/in", "sftp://host/in"),
        ("https://host/x?X-Amz-Signature=SECRET&page=2", "https://host/x?X-Amz-Signature=***&page=2"),
    ],
)
def test_an_address_is_shown_without_its_user_part(given: str, shown: str) -> None:
    assert holds_secret(given)
    assert shown_address(given) == shown == shown_address(shown)


@pytest.mark.parametrize(
    "plain",
    [
        "/home/a:b@c/x",
        "s3://bucket/a@b/c",
        "sftp://host:22/a@b",
        "http://[::1]:80/a@b",
        "file:///x/a@b",
        "C:\\inbox",
    ],
)
def test_an_address_without_a_user_part_stays_as_it_is(plain: str) -> None:
    assert shown_address(plain) == plain and not holds_secret(plain)


@given(AWKWARD)
def test_no_password_however_awkward_is_shown(word: str) -> None:
    secret = f"Q{word}Q"
    assert secret not in shown_address(f"sftp://bob:{secret}@host/in")


def test_texts_of_others_lose_the_secrets_that_were_given() -> None:
    withhold_of("sftp://bob:p%40ssword@host/in")
    withhold(["AKIA-SECRET"])
    told = without_secrets("cannot open ftp://x:y@h/z with p@ssword or p%40ssword, key AKIA-SECRET")
    assert told == "cannot open ftp://h/z with *** or ***, key ***"


def test_a_cause_that_holds_a_secret_is_left_out_of_the_chain() -> None:
    withhold(["TOPSECRET"])
    assert safe_cause(OSError("refused")) is not None
    assert safe_cause(OSError("refused TOPSECRET")) is None
    outer = OSError("refused")
    outer.__cause__ = ValueError("sftp://u:TOPSECRET@h")
    assert safe_cause(outer) is None
