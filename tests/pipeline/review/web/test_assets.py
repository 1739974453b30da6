"""Scripts and styles: kept by the browser for ever, and never a mixture of two releases."""

import re
from pathlib import Path
from urllib.parse import urljoin

from pipeline.review.web import render
from tests.pipeline.review.conftest import Running


def everything_from(calm: Running, script: str) -> dict[str, str]:
    """Address -> text of a script and all that it imports."""
    found: dict[str, str] = {}
    waiting = [script]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = calm.client().get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"], address
        found[address] = answer.text
        waiting += [
            urljoin(address, name) for name in re.findall(r'^import .*?from "(.+?)";$', answer.text, re.M)
        ]
    return found


def test_scripts_that_import_each_other_carry_one_version(calm: Running) -> None:
    page = calm.client("malee").get("/cases/1").text
    script = re.search(r'src="([^"]+/js/case\.js)"', page)
    assert script
    found = everything_from(calm, script[1])
    assert len(found) > 8 and len({address.split("/")[2] for address in found}) == 1


def test_a_changed_file_changes_the_address_of_those_that_import_it(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js/case.js").write_text('import "./acts.js";')
    (tmp_path / "js/acts.js").write_text("1;")
    monkeypatch.setattr(render, "STATIC", tmp_path)
    addresses = []
    for text in ("1;", "2;", "1;"):
        (tmp_path / "js/acts.js").write_text(text)
        render.asset.cache_clear()
        render._version.cache_clear()
        addresses.append(render.asset("js/case.js"))
    render.asset.cache_clear()
    render._version.cache_clear()
    assert addresses[0] == addresses[2] != addresses[1]


def test_a_plain_address_is_asked_for_each_time(calm: Running) -> None:
    answer = calm.client().get("/static/icon.svg")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert calm.client().get("/static/v-0/../../app.py").status_code == 404
