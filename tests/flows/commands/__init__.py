"""Running ``khetcheck`` as a user does: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def environment(**given: str) -> dict[str, str]:
    """The environment of a user without any settings, in Thai."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("KHETCHECK_", "PREFECT_", "LC_"))
    }
    return {**kept, "LANG": "C.UTF-8", "KHETCHECK_WORKERS": "1", "PYTHONPATH": str(ROOT), **given}


def start(*arguments: object, **given: str) -> subprocess.Popen[str]:
    """Start the command and return its process."""
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(**given),
        cwd=ROOT,
    )


def run(*arguments: object, **given: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    process = start(*arguments, **given)
    out, err = process.communicate(timeout=600)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)
