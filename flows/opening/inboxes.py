"""What a command or a flow is told to screen: a source by its name, a path, or an address.

A password travels by the environment alone: Prefect shows the parameters of its runs.
"""

from __future__ import annotations

import os
from pathlib import Path

from flows.opening.credentials import secrets_of
from flows.settings import ADDRESS, Settings
from pipeline.intake.inbox import Inbox
from pipeline.intake.names import address
from pipeline.intake.pulled import Submissions
from pipeline.secrecy import shown_address
from pipeline.sources.opening import open_source
from pipeline.sources.source import Source, load_sources
from pipeline.store.database import Store
from pipeline.store.work.looks import StoredLooks


def sources_file(settings: Settings) -> Path:
    """Return the file of sources."""
    return (
        Path(settings.sources).expanduser().absolute() if settings.sources else settings.home / "sources.yaml"
    )


def sources_of(settings: Settings) -> dict[str, Source]:
    """Return the sources by name.

    Raises:
        SettingsError: their file is malformed.
    """
    return load_sources(sources_file(settings))


def addresses_of(settings: Settings) -> dict[str, str]:
    """Return where each source is, by name, as the batches over it call their inbox; what can be reached is seen later.

    Raises:
        SettingsError: the file of sources is malformed.
    """
    return {name: address(shown_address(source.address)) for name, source in sources_of(settings).items()}


def open_inbox(settings: Settings, asked: str) -> Inbox | Source:
    """Return the inbox at a path or address, reached; or the source of that name, which needs the store to be opened.

    A folder of the name goes before a source, so that adding a source changes no command that worked before.

    Raises:
        InboxError: it cannot be reached. SettingsError: the file of sources is malformed.
    """
    if "://" not in asked and not Path(asked).expanduser().exists():
        source = sources_of(settings).get(asked)
        if source is not None:
            return source
    return Inbox(_whole_address(local_or_url(asked)))


def open_named(settings: Settings, source: Source, store: Store) -> Submissions:
    """Open a source.

    Raises:
        InboxError, ExtraMissing, SettingsError: it cannot be reached, or what opens it is missing.
    """
    return open_source(source, secrets_of(source, settings.home), StoredLooks(store))


def local_or_url(inbox: str) -> str:
    """Return a URL as it is, a local path in full: a later run from another folder must know the same files."""
    return inbox if "://" in inbox else str(Path(inbox).expanduser().resolve())


def _whole_address(inbox: str) -> str:
    """Return the address with its user part, where this run was handed one that is shown as ``inbox``."""
    handed = os.environ.get(ADDRESS, "")
    return handed if handed and shown_address(handed) == inbox else inbox
