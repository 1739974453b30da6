"""What a command works with: the settings of this call and the open store, closed again whatever happens."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.settings import Settings, load_settings

if TYPE_CHECKING:
    from pipeline.store.database import Store

_used: list[Path] = []


def settings_of(context: typer.Context) -> Settings:
    """Return the settings: options before and after the command's name (:mod:`flows.options`), environment, defaults.

    Raises:
        SettingsError: a value is wrong.
    """
    settings = load_settings(**(context.obj or {}))
    _used[:] = [settings.home]
    return settings


def home_in_use() -> Path:
    """Return the home of this call; the one that the environment names where no command has asked for it yet."""
    return _used[0] if _used else Path(os.environ.get("KHETCHECK_HOME") or Path.home() / ".khetcheck")


@contextlib.contextmanager
def opened(context: typer.Context) -> Iterator[tuple[Settings, Store]]:
    """Give a command its settings and the store that they name.

    Raises:
        SettingsError, StoreError: a setting is wrong, or the database cannot be opened.
    """
    settings = settings_of(context)
    with opened_store(settings) as store:
        yield settings, store


@contextlib.contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """Open the database that the settings name, and close it again whatever happens.

    Raises:
        HomeError: the home cannot be written.
        StoreError: it cannot be opened.
    """
    from pipeline.store.database import Store  # slow to import, and not every command needs it
    from pipeline.store.faults import check_home

    check_home(settings.home)
    with contextlib.closing(Store.at(settings.home, settings.store or None)) as store:
        yield store
