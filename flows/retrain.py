"""The Prefect flow ``retrain``: for the schedule and for the server; the work, and who may start it, are in pipeline/learning.

Prefect's own event triggers count once only and lose events, so the count stands in the product's database
(:mod:`pipeline.learning.triggers`): the flow may be started as often as one likes and trains only if there is a cause.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.settings import load_settings
from flows.training import Asked, run_training


@flow(name="retrain", persist_result=False, validate_parameters=False)
def retrain(home: str | None = None, store: str | None = None, trigger: str = "count") -> dict[str, str]:
    """Retrain if there is a cause.

    Args:
        home: as ``--home``. store: as ``--store``.
        trigger: ``count`` (enough newly reviewed), ``schedule`` (anything reviewed since) or ``hand``.

    Returns:
        ``state`` (``promoted``, ``kept_aside``, ``failed``, ``not_started`` or ``no_cause``) and ``model``.
    """
    settings = load_settings(home=Path(home) if home else None, store=store)
    outcome = run_training(settings, Asked(trigger=trigger))
    if outcome is None:
        return {"state": "no_cause", "model": ""}
    return {"state": outcome.state, "model": outcome.model or ""}
