"""One retraining from beginning to end: collect, split, train, compare, and promote or keep aside.

Nothing is locked while it trains, so screening and reviewing go on. Every step leaves the store and the home as they should
be if the process dies right after it: the new model is copied beside and renamed, and a promotion is a single line in a log.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models.labelled import CORPUS, LabelledOffice, load_corpus
from models.registry.registry import add_model, champion_path, load_model
from models.retraining.cards import card_of, storable
from models.retraining.challenger import Challenger, train_challenger
from models.retraining.champion import Comparison, Rule, Verdict, compare, decide
from models.retraining.labels import labelled_office, teach
from models.retraining.reviewed_case import ReviewedCase
from models.retraining.splitting import split
from models.scoring.model import LoadedModel
from pipeline.intake.files import FileStore, LocalFiles
from pipeline.learning.bookkeeping import note_event, note_model, sync_models
from pipeline.learning.exchange import all_cases
from pipeline.learning.ordering.unknown_words import place_all_by
from pipeline.learning.promotions import Models
from pipeline.learning.triggers import begin, end
from pipeline.store.database import Store
from rubric import Rubric
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

DEFAULT_RULE = Rule()
CARD = "retraining.json"
FEWEST = 4
"""Reviewed offices that must teach; fewer are no ground for a new model."""
Step = Literal["collect", "train", "compare", "keep", "promote", "done"]
OnStep = Callable[[Step], None]
State = Literal["promoted", "kept_aside", "failed", "not_started"]


@dataclass(frozen=True)
class Outcome:
    """What a retraining came to.

    Attributes:
        reasons: why it was kept aside, failed or did not start; empty where it was promoted.
    """

    state: State
    model: str | None
    reasons: tuple[Bilingual, ...] = ()
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Options:
    """How to retrain.

    Attributes:
        corpus: roots of the bundled corpus.
        rule: what a challenger must show.
        promote: put it into use where it passes; else somebody does so by hand.
        quick: train and compare words alone, without the encoder.
        files: the place of files, from which other machines get the model; None for the home.
    """

    corpus: tuple[Path, ...] = (CORPUS,)
    rule: Rule = DEFAULT_RULE
    seed: int = 0
    promote: bool = True
    quick: bool = False
    files: FileStore | None = None


def silent(step: Step) -> None:
    """Tell nobody."""


def retrain(
    store: Store,
    home: Path,
    rubric: Rubric,
    training_id: int,
    options: Options | None = None,
    on_step: OnStep = silent,
) -> Outcome:
    """Run the training that :func:`pipeline.learning.triggers.ask` wrote down.

    Returns:
        Its outcome; ``not_started`` where another training runs. Errors meant for users become outcomes.
    """
    options = options or Options()
    if not begin(store, training_id):
        told = Bilingual("มีการฝึกอื่นกำลังทำงานอยู่", "Another training is running, or this one was already run.")
        return Outcome("not_started", None, (told,))
    try:
        outcome = _run(store, home, rubric, options, on_step)
    except KhetcheckError as error:
        outcome = Outcome("failed", None, (error.message,))
    except BaseException as error:
        reason = Bilingual(
            "เกิดข้อผิดพลาดในโปรแกรม", f"There is a defect in the program: {type(error).__name__}."
        )
        end(store, training_id, "failed", _report(Outcome("failed", None, (reason,))))
        raise
    end(store, training_id, outcome.state, _report(outcome), outcome.model)
    if outcome.state == "promoted":  # it knows words that the one before did not
        place_all_by(store, load_model(outcome.model, home, quick=True))
    on_step("done")
    return outcome


def _run(store: Store, home: Path, rubric: Rubric, options: Options, on_step: OnStep) -> Outcome:
    on_step("collect")
    models = Models(store, options.files or LocalFiles(home / "files"), home)
    models.follow()
    with store.transaction() as session:
        sync_models(session, home, rubric.id)
    with store.reading() as session:
        parts = split(all_cases(session, rubric.id, unfinished=True))
    taught, held = teach(rubric, parts.teaching), _measuring(rubric, parts.held)
    if len(taught.offices) < FEWEST:
        return Outcome("kept_aside", None, (_too_few(len(taught.offices)),))
    on_step("train")
    bundled = load_corpus(options.corpus, rubric)
    challenger = train_challenger(
        rubric, bundled, taught, home / "learning", seed=options.seed, quick=options.quick
    )
    with tempfile.TemporaryDirectory(prefix="khetcheck-model-") as scratch:
        folder = Path(scratch) / "model"
        identity = challenger.trained.write(
            folder, {"offices": len(bundled) + challenger.offices, "reviewed": challenger.offices}
        )
        on_step("compare")
        comparison, verdict = _compared(home, rubric, folder, challenger, held, options)
        card = card_of(identity, parts, challenger, comparison, verdict, options.rule)
        (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1), "utf-8")
        on_step("keep")
        kept = add_model(folder, home)
        models.share(kept.name)
    with store.transaction() as session:
        note_model(
            session, identity, rubric=rubric.id, folder=kept.name, data_hash=challenger.data_hash, card=card
        )
    return _settle(models, rubric, identity, comparison, verdict, options, on_step)


def _settle(
    models: Models,
    rubric: Rubric,
    identity: str,
    comparison: Comparison,
    verdict: Verdict,
    options: Options,
    on_step: OnStep,
) -> Outcome:
    store, reasons = models.store, verdict.reasons
    if verdict.promote and not options.promote:
        reasons = (Bilingual("ผ่านเกณฑ์ รอการเลื่อนขึ้นใช้โดยผู้ดูแล", "It passed; somebody will promote it by hand."),)
    if reasons:
        with store.transaction() as session:
            note_event(session, identity, "kept_aside", _joined(reasons))
        return Outcome("kept_aside", identity, reasons, comparison)
    on_step("promote")
    models.promote(identity, reason="retrain", actor="khetcheck")
    with store.transaction() as session:
        sync_models(session, models.home, rubric.id)
        note_event(session, identity, "promoted")
    return Outcome("promoted", identity, (), comparison)


def _compared(
    home: Path,
    rubric: Rubric,
    folder: Path,
    challenger: Challenger,
    held: Sequence[LabelledOffice],
    options: Options,
) -> tuple[Comparison, Verdict]:
    """Compare what will be written with what is in use, each as screening would load it."""
    old: LoadedModel = load_model(champion_path(home), home, quick=options.quick)
    new: LoadedModel = load_model(folder, home, quick=options.quick)
    comparison = compare(
        rubric, old, new, held, anchor=challenger.anchor, doubt=challenger.doubt, seed=options.seed
    )
    return comparison, decide(comparison, options.rule)


def _measuring(rubric: Rubric, cases: Sequence[ReviewedCase]) -> list[LabelledOffice]:
    offices = (labelled_office(rubric, case) for case in cases)
    return [office for office in offices if office is not None]


def _report(outcome: Outcome) -> dict[str, Any]:
    return {
        "reason": {"th": _joined(outcome.reasons).th, "en": _joined(outcome.reasons).en},
        "comparison": storable(outcome.comparison.as_data()) if outcome.comparison else None,
    }


def _joined(reasons: Sequence[Bilingual]) -> Bilingual:
    return Bilingual("; ".join(one.th for one in reasons), " ".join(one.en for one in reasons))


def _too_few(have: int) -> Bilingual:
    return Bilingual(
        f"มีเขตที่ตรวจครบทุกประเด็นและใช้ฝึกได้ {have} เขต ต้องมีอย่างน้อย {FEWEST} เขต",
        f"There are {have} fully reviewed offices to learn from; at least {FEWEST} are needed.",
    )
