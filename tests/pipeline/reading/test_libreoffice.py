"""LibreOffice runs under limits and never outlives the process that asked for it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.reading import libreoffice
from pipeline.reading.limits import DEFAULT_LIMITS

ROOT = Path(__file__).parents[3]
ASKING = """
import sys
from pathlib import Path
from pipeline.reading import libreoffice
from pipeline.reading.limits import DEFAULT_LIMITS
words = ["/bin/sh", "-c", "echo $$ > pid.part; mv pid.part pid; sleep 600"]
libreoffice._run(words, Path(sys.argv[1]), DEFAULT_LIMITS)
"""
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="there is no process group")


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text() if Path(f"/proc/{pid}/stat").exists() else True


@on_posix
def test_it_ends_with_the_process_that_asked_for_it(tmp_path: Path) -> None:
    asking = subprocess.Popen([sys.executable, "-c", ASKING, str(tmp_path)], cwd=ROOT)
    while not (tmp_path / "pid").exists():
        assert asking.poll() is None
        time.sleep(0.02)
    pid = int((tmp_path / "pid").read_text())
    asking.kill()
    asking.wait()
    deadline = time.monotonic() + 60
    while lives(pid):
        assert time.monotonic() < deadline, "it outlived its parent"
        time.sleep(0.05)


@on_posix
def test_it_runs_under_limits(tmp_path: Path) -> None:
    words = ["/bin/sh", "-c", "ulimit -v > v; ulimit -f > f; ulimit -t > t"]
    libreoffice._run(words, tmp_path, DEFAULT_LIMITS)
    assert int((tmp_path / "f").read_text()) == DEFAULT_LIMITS.converter_written_bytes // 512
    assert int((tmp_path / "t").read_text()) == int(2 * DEFAULT_LIMITS.converter_seconds) + 1
    if sys.platform == "linux":
        assert int((tmp_path / "v").read_text()) == DEFAULT_LIMITS.converter_memory_bytes // 1024
