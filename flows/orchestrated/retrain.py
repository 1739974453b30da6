"""The Prefect flow ``retrain``: for the schedule and for the server; the work, and who may start it, are in pipeline/learning.

Prefect's own event triggers count once only and lose events, so the count stands in the product's database
(:mod:`pipeline.learning.triggers`): the flow may be started as often as one likes and trains only if there is a cause.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from prefect import flow, serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval
from prefect.types.entrypoint import EntrypointType

from flows.settings import Settings, load_settings
from flows.training import Asked, run_training

LOOKED_EVERY = dt.timedelta(minutes=15)
"""How often it is asked whether enough was newly reviewed."""
TIME_ZONE = "Asia/Bangkok"


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


def deployments(settings: Settings, at: dt.time) -> list[RunnerDeployment]:
    """Return the two deployments: ``nightly`` at ``at`` (Thai time), and ``by-count`` every quarter of an hour.

    Most runs find no cause and end at once. Their parameters hold no address of a database, because Prefect's pages show
    them and the address may hold a password.
    """
    schedules = {
        "nightly": ("schedule", Cron(f"{at.minute} {at.hour} * * *", timezone=TIME_ZONE)),
        "by-count": ("count", Interval(LOOKED_EVERY, timezone=TIME_ZONE)),
    }
    return [
        RunnerDeployment.from_flow(
            retrain,
            name=name,
            schedule=schedule,
            parameters={"home": str(settings.home.resolve()), "trigger": trigger},
            description="khetcheck: learn from what was reviewed",
            tags=["khetcheck"],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for name, (trigger, schedule) in schedules.items()
    ]


def serve_schedule(settings: Settings, at: dt.time) -> None:
    """Register both deployments with the Prefect server and run what they start, until stopped."""
    if settings.store:
        os.environ["KHETCHECK_STORE"] = settings.store  # inherited by the runs
    serve(*deployments(settings, at))
