"""What the parent asks of a child: one job, sent as JSON, done by one process that then ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from pipeline.reading.limits import Limits

Task = Literal["read", "lines", "pictures", "unpack", "assemble", "render"]


@dataclass(frozen=True, slots=True)
class Job:
    """One file and what to do with it.

    Attributes:
        task: ``read`` a document, or only the ``lines`` of a PDF, not joined to blocks,
            or what stands in its large ``pictures``; ``unpack`` an archive,
            or the files attached to a document;
            ``assemble`` the pages that a dead child left in the spool; ``render`` a page as a picture.
        path: the file (the spool for ``assemble``).
        kind: what ``detect`` told of its content.
        scratch: a directory of this job alone; the child works there and writes nowhere else but ``cache`` and
            ``recognised``.
        ocr: read pages without usable text by OCR.
        cache: directory of OCR results, "" for none.
        recognised: directory of the OCR results of this document alone, "" for none: what other machines know goes in,
            what was used or made comes out.
        first_page: where to begin: pages before it were read by a child that died.
        dpi: resolution of ``render``.
        depth: how deep in other files stands what ``unpack`` takes out.
    """

    task: Task
    path: str
    kind: str
    scratch: str
    limits: Limits
    ocr: bool = True
    cache: str = ""
    recognised: str = ""
    first_page: int = 1
    dpi: int = 100
    depth: int = 1


_JOB: TypeAdapter[Job] = TypeAdapter(Job)


def job_to_json(job: Job) -> bytes:
    """Return the job as one JSON object."""
    return _JOB.dump_json(job)


def job_from_json(data: bytes) -> Job:
    """Return the job that :func:`job_to_json` wrote."""
    return _JOB.validate_json(data)
