"""Which model this call works with: the one that the settings name, else the one that the store says is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.settings import Settings

if TYPE_CHECKING:
    from models.scoring.model import LoadedModel
    from pipeline.store.database import Store


def model_in_use(settings: Settings, store: Store, *, quick: bool = False) -> LoadedModel:
    """Load the model, fetched first where another machine trained it.

    Raises:
        ModelError, NotFoundError, FilesError: it is damaged, does not exist, or cannot be fetched.
    """
    from models.registry.registry import load_model

    follow_store(settings, store)
    return load_model(settings.model or None, settings.home, quick=quick)


def follow_store(settings: Settings, store: Store) -> None:
    """Make the home use what the store says is in use, unless the settings name a model."""
    from pipeline.learning.promotions import Models

    if not settings.model:
        Models(store, settings.kept.open(), settings.home).follow()
