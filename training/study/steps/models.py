"""The steps that train and measure: five models on each split, and across corpora."""

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from timbrescope.models.artefact import sidecar_path
from timbrescope.models.catalogue import CLASSICAL_NAMES, CNN_NAMES, entry_of
from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.files import write_text
from timbrescope.training.fit.classical import fit_classical, probabilities
from timbrescope.training.hashes import short_hash
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.evaluate.answers import model_probabilities
from timbrescope.training.study.evaluate.metrics import (
    baseline_probabilities,
    evaluate_answers,
    measure,
    save_answers,
)
from timbrescope.training.study.evaluate.records import write_metrics
from timbrescope.training.study.extract.store import settings_key
from timbrescope.training.study.folder import BASELINE, OWN_TEST
from timbrescope.training.study.ledger import file_fingerprint
from timbrescope.training.study.split.material import Material, labels_of
from timbrescope.training.study.split.splits import make_split
from timbrescope.training.study.study import Study

TRAIN = "train"
EVALUATE = "evaluate"
# In a run's folder: what it was begun with and cannot go on without.
CLIPS_FILE = "clips.txt"


def train(study: Study) -> None:
    """Train and export every model on every split; what is finished is not made again.

    A model that cannot be trained on a split, because a part is empty, is left out with the
    reason, and the others are trained.
    """
    for split in study.settings.splits:
        material = study.material(split)
        for model in study.settings.models:
            try:
                done = study.ledger.run(
                    f"{TRAIN}:{split}:{model}",
                    partial(_train_one, study, model, material),
                    key=_training_key(study, model, material),
                    files=_model_files(study, split, model),
                )
            except TimbrescopeError as error:
                study.note_problem(TRAIN, what=f"{model} on the {split} split", reason=str(error))
                continue
            study.say(f"  {split}/{model}: {'trained' if done else 'is there'}")


def _training_key(study: Study, model: str, material: Material) -> str:
    """Return a short_hash of everything that a trained model depends on."""
    return short_hash(material.identity, settings_key(), sorted(_training_settings(study, model)))


def _model_files(study: Study, split: str, model: str) -> tuple[Path, Path]:
    path = study.folder.onnx(split, model)
    return path, sidecar_path(path)


def _is_trained(study: Study, model: str, material: Material) -> bool:
    """Return whether a model of just these clips is there: another may know the test clips."""
    return study.ledger.is_done(
        f"{TRAIN}:{material.split.name}:{model}",
        key=_training_key(study, model, material),
        files=_model_files(study, material.split.name, model),
    )


def _forget_other_clips(study: Study, model: str, material: Material) -> None:
    """Remove what was trained with other clips, and what it answered."""
    split = material.split.name
    folder = study.folder.run(split, model)
    begun_with = folder / CLIPS_FILE
    # A network goes on with more epochs or patience, but not with other batches.
    stated = f"{material.identity} {settings_key()} {study.settings.batch_size}"
    if begun_with.is_file() and begun_with.read_text("utf-8") == stated:
        return
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(study.folder.answers(split, model, OWN_TEST).parent, ignore_errors=True)
    folder.mkdir(parents=True)
    write_text(begun_with, stated)


def _training_settings(study: Study, model: str) -> list[str]:
    chosen = study.settings
    stated = [f"seed={chosen.seed}"]
    if model in CNN_NAMES:
        stated += [f"epochs={chosen.epochs}", f"patience={chosen.patience}"]
        stated += [f"batch_size={chosen.batch_size}", f"max_minutes={chosen.max_minutes}"]
    return stated


def _train_one(study: Study, model: str, material: Material) -> None:
    folder = study.folder.run(material.split.name, model)
    _forget_other_clips(study, model, material)
    study.say(f"  {material.split.name}/{model}: training")
    if model in CNN_NAMES:
        _train_network(study, model, material)
    else:
        from timbrescope.training.study.train import train_classical

        report = train_classical(
            model,
            material,
            folder=folder,
            path=study.folder.onnx(material.split.name, model),
            name=model_title(study, model, material),
        )
        study.say(f"  {material.split.name}/{model}: {report}")


def model_title(study: Study, model: str, material: Material) -> str:
    """Return the name by which a model of this study presents itself in the app."""
    return f"{study.folder.root.resolve().name}: {entry_of(model).title} ({material.split.name})"


def _train_network(study: Study, model: str, material: Material) -> None:
    from timbrescope.training.study.train import export_network, train_network

    kind = entry_of(model).kind
    folder = study.folder.run(material.split.name, model)
    settings = study.settings.fit_settings(threads=study.machine.threads)
    train_network(kind, material, folder=folder, settings=settings)
    report = export_network(
        kind,
        material,
        folder=folder,
        path=study.folder.onnx(material.split.name, model),
        name=model_title(study, model, material),
    )
    study.say(f"  {material.split.name}/{model}: {report}")


def evaluate(study: Study) -> None:
    """Measure every trained model, and the baseline, on its own test part and elsewhere."""
    sets = study.test_sets()
    for split in study.settings.splits:
        material = study.material(split)
        listed = {OWN_TEST: material.of_part("test"), **sets}
        for test_set, clips in listed.items():
            if not clips:
                study.note_problem(
                    EVALUATE, what=f"{split} split, {test_set}", reason="it has no clips"
                )
                continue
            for model in (*study.settings.models, BASELINE):
                if model == BASELINE or _is_trained(study, model, material):
                    _evaluate_set(study, material, model, test_set=test_set, clips=clips)
    _evaluate_across(study)


def _evaluate_set(
    study: Study, material: Material, model: str, *, test_set: str, clips: Sequence[Clip]
) -> None:
    split = material.split.name
    facts = ((clip.name, clip.sha256, clip.instrument, clip.group) for clip in clips)
    try:
        study.ledger.run(
            f"{EVALUATE}:{split}:{model}:{test_set}",
            partial(_answer, study, material, model, test_set=test_set, clips=clips),
            key=short_hash(
                file_fingerprint(*_model_files(study, split, model)),
                material.identity,
                study.settings.seed,
                *facts,
            ),
            files=(
                study.folder.answers(split, model, test_set),
                study.folder.metrics(split, model, test_set),
            ),
        )
    except TimbrescopeError as error:
        study.note_problem(EVALUATE, what=f"{split}/{model} on {test_set}", reason=str(error))


def _answer(
    study: Study, material: Material, model: str, *, test_set: str, clips: Sequence[Clip]
) -> None:
    split = material.split.name
    if model == BASELINE:
        found = baseline_probabilities(material.labels("train"), len(clips))
    else:
        path = study.folder.onnx(split, model)
        found = model_probabilities(path, clips, store=study.store)
    save_answers(
        study.folder.answers(split, model, test_set),
        probabilities=found,
        labels=labels_of(clips),
        groups=[clip.group for clip in clips],
        clips=[clip.name for clip in clips],
    )
    measured = evaluate_answers(study.folder, split, model, test_set, seed=study.settings.seed)
    study.say(f"  {split}/{model} on {test_set}: accuracy {measured.accuracy:.3f}")


def _evaluate_across(study: Study) -> None:
    """Train the classical models on each corpus alone and measure them on every other.

    Within a corpus, a grouped split of it is measured. Only with two corpora or more.
    """
    corpora = {
        name: [clip for clip in study.training_clips() if clip.corpus == name]
        for name in study.training_corpora()
    }
    everything = corpora | study.test_sets()
    if len(everything) < 2:
        return
    models = [name for name in study.settings.models if name in CLASSICAL_NAMES]
    facts = [
        (clip.name, clip.sha256, clip.instrument, clip.group)
        for of_one in everything.values()
        for clip in of_one
    ]
    for trained_on in corpora:
        for model in models:
            others = [name for name in everything if name != trained_on]
            try:
                study.ledger.run(
                    f"cross:{model}:{trained_on}",
                    partial(_cross, study, model, trained_on=trained_on, everything=everything),
                    key=short_hash(study.settings.seed, *facts),
                    files=[study.folder.cross(model, trained_on, other) for other in others],
                )
            except TimbrescopeError as error:
                study.note_problem(
                    EVALUATE, what=f"{model} of {trained_on} alone", reason=str(error)
                )


def _cross(study: Study, model: str, *, trained_on: str, everything: dict[str, list[Clip]]) -> None:
    own = everything[trained_on]
    split = make_split(own, "grouped", seed=study.settings.seed)
    chosen = split.of_part(own, "train")
    vectors = study.store.table(chosen, kind="mean")[slice(None)]
    fitted = fit_classical(model, vectors, labels_of(chosen), seed=study.settings.seed)
    for other, clips in everything.items():
        tested = split.of_part(own, "test") if other == trained_on else clips
        if not tested:
            continue
        found = probabilities(fitted, study.store.table(tested, kind="mean")[slice(None)])
        groups = np.array([clip.group for clip in tested])
        measured = measure(found, labels_of(tested), groups, seed=study.settings.seed)
        path = study.folder.cross(model, trained_on, other)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_metrics(measured, path)
