"""Deployments: what a Prefect server starts by schedule or by hand, as ``khetcheck up`` registers it.

They name a flow by its module and no folder, so that any worker with khetcheck installed can run them; ``prefect.yaml``
says the same for servers of one's own. No parameter holds a database's address.
"""

from __future__ import annotations

import datetime as dt

from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Interval
from prefect.types.entrypoint import EntrypointType

from flows.orchestrated.drain import drain
from flows.orchestrated.retrain import TIME_ZONE, deployments
from flows.orchestrated.screen import screen
from flows.orchestrated.telling import TAG
from flows.settings import Settings

POOL = "khetcheck"
NIGHTLY = dt.time(2, 0)


def register(settings: Settings, inbox: str = "", every: dt.timedelta | None = None) -> None:
    """Make or renew all deployments at the server.

    Args:
        inbox: what the flows screen unless they are told otherwise.
        every: how often it is looked for something new there; None for never.
    """
    parameters = {"home": str(settings.home), **({"inbox": inbox} if inbox else {})}
    schedule = Interval(every, timezone=TIME_ZONE) if every is not None and inbox else None
    for flow, when in ((screen, schedule), (drain, None)):
        RunnerDeployment.from_flow(
            flow,
            name=flow.name,
            schedule=when,
            parameters=parameters,
            description="khetcheck",
            tags=[TAG],
            work_pool_name=POOL,
            entrypoint_type=EntrypointType.MODULE_PATH,
        ).apply()
    for one in deployments(settings, NIGHTLY):
        one.work_pool_name = POOL
        one.apply()
