"""Logs for machines: with ``KHETCHECK_LOG=json`` all that goes to standard error is one JSON object a line.

Passwords in addresses are struck out here, at the one place that every line passes.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import sys

LOGGER = "khetcheck"
SECRET = re.compile(r"(://[^/@\s:]*):[^/@\s]*@")
LEVELS = {"yellow": logging.WARNING, "bold red": logging.ERROR}
"""Of a message by the style that a person would see it in."""


class JsonLines(logging.Formatter):
    """One record as one line of JSON: ``at``, ``level``, ``logger``, ``message``, and what the record carries beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, object] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        told |= _access(record) if record.name == "uvicorn.access" else {"message": record.getMessage()}
        told |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = self.formatException(record.exc_info)
        return SECRET.sub(r"\1@", json.dumps(told, ensure_ascii=False, default=str))


def as_json() -> bool:
    """Tell whether messages are for machines."""
    return os.environ.get("KHETCHECK_LOG", "") == "json"


def set_up_logs() -> None:
    """Send every record to standard error as JSON where that is asked for; else leave all as it is."""
    if not as_json():
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # libraries speak when something is wrong
    for name in (LOGGER, "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.INFO)


def log(message: str, level: int = logging.INFO, **fields: object) -> None:
    """Log a message of ours with what belongs to it; nothing where messages are for people."""
    if as_json():
        logging.getLogger(LOGGER).log(level, message, extra={"fields": fields})


def _access(record: logging.LogRecord) -> dict[str, object]:
    """One request, without its query: what somebody searched for is nobody's business."""
    if not isinstance(record.args, tuple) or len(record.args) != 5:
        return {"message": record.getMessage()}
    client, method, path, _, status = record.args
    return {
        "message": "request",
        "client": client,
        "method": method,
        "path": str(path).split("?")[0],
        "status": status,
    }
