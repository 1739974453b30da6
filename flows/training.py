"""Opening a training: from settings to an outcome, the same for the flow, the command and the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.context import opened_store
from flows.settings import Settings
from rubric import load_rubric

if TYPE_CHECKING:
    from pipeline.learning.retraining import Outcome, Step


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for.

    Attributes:
        trigger: ``count``, ``schedule`` or ``hand``.
        promote: put the model into use where it passes.
        quick: words alone.
    """

    trigger: str = "hand"
    promote: bool = True
    quick: bool = False


def run_training(
    settings: Settings, asked: Asked, on_step: Callable[[Step], None] | None = None
) -> Outcome | None:
    """Retrain if there is a cause, or where one was asked for earlier (the review page asks and starts nothing).

    Returns:
        None where there is no cause, or where another process answered the same cause.
    """
    from pipeline.learning import triggers
    from pipeline.learning.retraining import Options, retrain, silent

    with opened_store(settings) as store:
        with store.reading() as session:
            causes = {
                "count": triggers.due_by_count,
                "schedule": triggers.due_by_schedule,
                "hand": triggers.due_by_hand,
            }
            due = causes[asked.trigger](session)
        if due is not None:
            triggers.ask(store, due)
        training = triggers.pick_waiting(store)
        if training is None:
            return None
        options = Options(promote=asked.promote, quick=asked.quick, files=settings.kept.open())
        return retrain(
            store, settings.home, load_rubric(settings.rubric), training, options, on_step or silent
        )
