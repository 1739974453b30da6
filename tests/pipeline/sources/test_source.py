"""The file of sources: right, or told with source and key; never with a password in it."""

from pathlib import Path

import pytest

from pipeline import secrecy
from pipeline.sources.source import Source, load_sources
from pipeline.sources.source_options import options_of
from rubric.exceptions import SettingsError

WHOLE = """
sources:
  share: {kind: folder, path: inbox, done: done, failed: failed, steady_seconds: 2}
  cloud: {kind: s3, url: "s3://bucket/round1", options: {endpoint_url: "http://127.0.0.1:1"}, bytes_per_second: 1000}
  ministry: {kind: sftp, url: "sftp://host/in", requests_per_second: 5, tries: 3}
  website: {kind: http, url: "https://host/round1/"}
  offices: {kind: manifest, path: offices.xlsx, base: "https://host/files/"}
"""


def test_all_kinds_are_read_with_paths_from_the_files_own_folder(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(WHOLE, "utf-8")
    sources = load_sources(tmp_path / "sources.yaml")
    assert [one.kind for one in sources.values()] == ["folder", "s3", "sftp", "http", "manifest"]
    assert sources["share"].path == tmp_path / "inbox" and sources["share"].done == tmp_path / "done"
    assert sources["share"].steady_seconds == 2 and sources["cloud"].bytes_per_second == 1000
    assert load_sources(tmp_path / "none.yaml") == {}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x: {kind: ftp, url: a}", "x"),
        ("x: {kind: s3, url: 'http://a'}", "beginning with s3://"),
        ("x: {kind: s3}", "needs url"),
        ("x: {kind: folder}", "needs path"),
        ("x: {kind: folder, path: in, done: in/done}", "done may not lie under path"),
        ("x: {kind: folder, path: in/deep, failed: in}", "failed may not lie under path"),
        ("x: {kind: sftp, url: 'sftp://bob:SECRETPW@host/in'}", "KHETCHECK_SOURCE_X__USERNAME"),
        ("x: {kind: sftp, url: 'sftp://host/in', password: SECRETPW}", "password"),
        ("x: {kind: s3, url: 's3://a/b', options: {secret: SECRETPW}}", "KHETCHECK_SOURCE_X__SECRET"),
        ("x: {kind: s3, url: 's3://a/b', tries: 0}", "tries"),
        ("X y: {kind: folder, path: in}", "small letters"),
        ("x: [1]", "keys with values"),
        ("x: {kind: folder, path: in}\nmore: 1", "one key"),
        ("x: {kind: folder", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_told_without_what_is_secret(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  " + line, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_sources(tmp_path / "sources.yaml")
    said = caught.value.told("en")
    assert told in said and "SECRETPW" not in said + caught.value.told("th") + str(caught.value.__cause__)


def test_secrets_become_what_each_kind_is_opened_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrecy, "_words", set())
    web = Source(name="w", kind="http", url="https://host/")
    assert options_of(web, {"username": "bob", "password": "SECRETPW"}) == {
        "client_kwargs": {"headers": {"Authorization": "Basic Ym9iOlNFQ1JFVFBX"}}
    }
    assert (
        options_of(web, {"token": "TOKENWORD"})["client_kwargs"]["headers"]["Authorization"]
        == "Bearer TOKENWORD"
    )
    sftp = options_of(
        Source(name="s", kind="sftp", url="sftp://h/"), {"username": "bob", "password": "SECRETPW"}
    )
    assert sftp["password"] == "SECRETPW" and sftp["allow_agent"] is False
    s3 = Source(name="c", kind="s3", url="s3://b/x", options={"endpoint_url": "http://h"})
    assert options_of(s3, {"key": "KEYWORD", "secret": "SECRETPW"}) == {
        "endpoint_url": "http://h",
        "key": "KEYWORD",
        "secret": "SECRETPW",
    }
    assert secrecy.without_secrets("SECRETPW TOKENWORD KEYWORD Ym9iOlNFQ1JFVFBX bob") == "*** *** *** *** bob"


def test_the_example_of_the_docs_is_right_and_the_same_in_both_places() -> None:
    docs = Path(__file__).parents[3] / "docs"
    example = (docs / "sources.yaml").read_text("utf-8")
    assert f"```yaml\n{example}```" in (docs / "sources.md").read_text("utf-8")
    assert {one.kind for one in load_sources(docs / "sources.yaml").values()} == {
        "folder",
        "s3",
        "sftp",
        "http",
        "manifest",
    }
