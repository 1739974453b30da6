"""What happens inside the child: limits are put on, one file is read, the results go down the pipe.

Everything here may hang, crash or run out of memory without harm; nothing here is trusted by the parent.
"""

from __future__ import annotations

import gc
import math
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pipeline.reading.limits import Limits
from pipeline.reading.sandbox import wire
from pipeline.reading.sandbox.jobs import Job
from pipeline.reading.sandbox.wire import Note, Result
from rubric.exceptions import DocumentError

Send = Callable[[bytes], None]


def warm_up() -> None:
    """Import the readers, so that a fork has them at hand."""
    import lxml.etree  # noqa: F401
    import numpy  # noqa: F401
    import PIL.Image  # noqa: F401

    import pipeline.reading.child.paged
    import pipeline.reading.ooxml.word  # noqa: F401
    from pipeline.reading.thai import prepare

    prepare()


def calm_collector() -> None:
    """Have the collector of dead cycles look seldom: reading makes many small objects and hardly a cycle.

    What is there already is left out for good, which also keeps a child from touching, and so copying, shared memory.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def run_job(job: Job, pipe: int) -> None:
    """Do ``job`` and write its messages to the file descriptor ``pipe``; every error becomes a message."""
    scratch = Path(job.scratch)
    os.chdir(scratch)
    tempfile.tempdir = str(scratch)
    put_limits_on(job.limits)
    with os.fdopen(pipe, "wb") as stream:

        def send(line: bytes) -> None:
            stream.write(line)
            stream.flush()

        send(wire.message("open"))  # a sign of life: from here on the clock of one page runs
        send(_outcome(job, send))


def put_limits_on(limits: Limits) -> None:
    """Limit this process's memory, CPU time and written files; without effect on Windows."""
    if sys.platform == "win32":
        return
    import resource

    def limit(what: int, value: int) -> None:
        _, hard = resource.getrlimit(what)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))

    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, limits.written_bytes)
    limit(resource.RLIMIT_CPU, math.ceil(limits.seconds) + 1)
    if sys.platform == "linux":  # macOS counts shared libraries of gigabytes as address space
        limit(resource.RLIMIT_AS, limits.memory_bytes)


def _outcome(job: Job, send: Send) -> bytes:
    try:
        return wire.message("done", content=_done(job, send))
    except DocumentError as error:
        note = Note(error.code, details=error.details)
    except MemoryError:
        note = Note("out_of_memory")
    except Exception:
        note = Note("broken")
    return wire.message("fail", content=note)


def _done(job: Job, send: Send) -> Result:
    """Do the job; the readers are imported here, each only where its kind of file needs it."""
    path = Path(job.path)
    if job.task == "unpack":
        if job.kind != "zip":
            from pipeline.reading.child.attached import attachments_into

            return attachments_into(path, job.kind, Path(job.scratch), job.limits, job.depth)
        from pipeline.reading.child.archive import unpack_into

        return unpack_into(path, Path(job.scratch), job.limits, job.depth)
    if job.task == "assemble":
        from pipeline.reading.child.paged import assemble_spool

        return assemble_spool(path)
    if job.task == "render":
        from pipeline.reading.child.paged import render_page

        return render_page(job)
    if job.task == "pictures":
        from pipeline.reading.child.pictured import read_pictured

        return read_pictured(job, send)
    if job.kind == "docx":
        from pipeline.reading.child.paged import ocr_settings
        from pipeline.reading.ooxml.word import read_docx

        return read_docx(path, job.limits, ocr_settings(job), lambda: send(wire.message("open")))
    if job.kind == "xlsx":
        from pipeline.reading.ooxml.spreadsheet import read_xlsx

        return read_xlsx(path, job.limits)
    from pipeline.reading.child.paged import read_pages

    return read_pages(job, send)
