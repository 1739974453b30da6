"""``python -m tests.faulty_servers web FOLDER``: one server as a process; it prints its port and ends with its standard input."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from tests.faulty_servers.faults import Faults
from tests.faulty_servers.objects import object_store
from tests.faulty_servers.sftp import sftp_server
from tests.faulty_servers.web import web_server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["web", "sftp", "s3"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--replaced", nargs="*", default=[])
    parser.add_argument("--log", type=Path)
    asked = parser.parse_args()
    faults = Faults(asked.seed, asked.rate, tuple(asked.replaced), log=asked.log)
    with contextlib.ExitStack() as running:
        if asked.kind == "web":
            port = running.enter_context(web_server(asked.folder, faults, protected=True)).server_address[1]
        elif asked.kind == "sftp":
            port = running.enter_context(sftp_server(asked.folder, faults)).port
        else:
            store = running.enter_context(object_store("inbox", faults))
            there = store.files()
            for path in sorted(asked.folder.rglob("*")):
                if path.is_file():
                    there.pipe_file(f"inbox/{path.relative_to(asked.folder).as_posix()}", path.read_bytes())
            port = int(store.endpoint.rpartition(":")[2])
        print(port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
