"""Where children come from: a small process that has all readers imported and forks one child per file.

A fresh Python with all readers takes most of a second; a fork takes milliseconds, and still every file has a process
of its own with its own limits. The fork server never opens a file. It holds a socket to its parent; when that closes,
even because the parent was killed, the child is killed and the fork server ends.

Protocol on the socket (sequenced packets): the parent sends a job with the pipe to write to, later perhaps ``kill``;
the fork server answers ``ended <exit code> <peak memory in KiB>``. Only for Linux: elsewhere ``main_once`` serves one job
in a fresh process (jobs on standard input, messages on standard output).
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from contextlib import suppress

from pipeline.reading.child.main import calm_collector, run_job, warm_up
from pipeline.reading.sandbox.jobs import job_from_json

JOB_BYTES = 1 << 16
KILL = b"kill"


def main(descriptor: int) -> None:
    """Serve jobs from the socket until it closes."""
    with socket.socket(fileno=descriptor) as control:
        warm_up()
        calm_collector()
        while True:
            data, pipes, _, _ = socket.recv_fds(control, JOB_BYTES, 1)
            if not data:
                return
            if data == KILL:  # meant for a child that has just ended
                continue
            if not _serve(control, data, pipes[0]):
                return


def _serve(control: socket.socket, data: bytes, pipe: int) -> bool:
    alive, held_by_child = os.pipe()  # closes when the child ends: told by select, without signals
    pid = os.fork()
    if pid == 0:
        os.close(alive)
        control.close()
        _be_child(data, pipe)
    with suppress(OSError):
        os.setpgid(pid, pid)
    os.close(pipe)
    os.close(held_by_child)
    parent_there = _wait(control, alive, pid)
    os.close(alive)
    code, memory = _reap(pid)
    if parent_there:
        control.send(b"ended %d %d" % (code, memory))
    return parent_there


def _be_child(data: bytes, pipe: int) -> None:
    code = 1
    try:
        os.setpgid(0, 0)
        run_job(job_from_json(data), pipe)
        code = 0
    finally:
        os._exit(code)


def _wait(control: socket.socket, alive: int, pid: int) -> bool:
    """Wait for the child's end, killing it when the parent says so or is gone; tell whether the parent is there."""
    parent_there = True
    while True:
        watched = [alive, control.fileno()] if parent_there else [alive]
        ready, _, _ = select.select(watched, [], [])
        if alive in ready:
            return parent_there
        parent_there = control.recv(JOB_BYTES) != b""
        _kill_group(pid)


def _reap(pid: int) -> tuple[int, int]:
    """Kill what the child started, then collect the child: exit code (negative: signal) and peak memory in KiB."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # its number stays taken, so no other group can be hit
    _kill_group(pid)
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def main_once() -> None:
    """Serve one job from standard input in this process, messages to standard output."""
    data = sys.stdin.buffer.read(JOB_BYTES)
    pipe = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what a library prints must not get between the messages
    os.dup2(nowhere, 2)
    run_job(job_from_json(data), pipe)
