"""From a source to the inbox that a run works on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.intake.inbox import Inbox
from pipeline.intake.pace import Pace
from pipeline.intake.patience import Patience, Pauses
from pipeline.intake.pulled import Submissions
from pipeline.sources.listed_offices import ListedOffices
from pipeline.sources.source import Source
from pipeline.sources.source_options import options_of
from pipeline.sources.watched import WatchedFolder
from pipeline.store.work.looks import Looks


def open_source(source: Source, secrets: Mapping[str, Any], looks: Looks) -> Submissions:
    """Open a source.

    Args:
        secrets: user, password and the like, from the environment.
        looks: remembers how the submissions of a watched folder looked.

    Raises:
        InboxError: it cannot be reached.
        ExtraMissing: what such sources need is not installed.
    """
    if source.kind == "folder":
        return WatchedFolder(source, looks)
    options = options_of(source, secrets)
    if source.kind == "manifest":
        return ListedOffices(source, options)
    inbox = Inbox(
        source.url,
        options=options,
        patience=Patience(quiet=source.quiet_seconds),
        pauses=Pauses(tries=source.tries),
        pace=Pace(source.bytes_per_second, source.requests_per_second),
    )
    inbox.asked = source.name
    return inbox
