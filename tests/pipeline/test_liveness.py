"""Whether a process that was written down is there still: certain "gone" only."""

import subprocess
import sys
from dataclasses import replace

import pytest

from pipeline.liveness import Whereabouts, _mark, here, is_gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's own lists")


def test_this_process_is_here() -> None:
    assert not is_gone(here())


def test_a_process_that_ended_is_gone_also_before_its_parent_looks() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    there = replace(here(), pid=process.pid, mark=_mark(process.pid))
    assert not is_gone(there)
    process.kill()
    with subprocess.Popen([sys.executable, "-c", ""]) as other:
        other.wait()
    assert is_gone(there), "dead and not buried"
    process.communicate()
    assert is_gone(there)


def test_another_process_of_the_same_number_is_not_the_one_that_was_written_down() -> None:
    mark = here().mark.rpartition("/")[0] + "/1"
    assert is_gone(replace(here(), mark=mark))


def test_of_another_machine_or_container_nothing_is_known() -> None:
    assert not is_gone(replace(here(), host="another", pid=1 << 22))
    assert not is_gone(replace(here(), mark="another start/another container/1"))


def test_one_that_was_written_down_by_an_older_version_is_known_by_its_number() -> None:
    assert is_gone(Whereabouts(here().host, 1 << 22))
    assert is_gone(Whereabouts(here().host, here().pid)), "this number, used again"
    assert not is_gone(Whereabouts(here().host, 1))
