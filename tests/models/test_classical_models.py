"""The classical models that ship: small, whole, quick to load, and of a piece with the networks."""

import numpy as np
import pytest

from timbrescope.models.artefact import load_artefact
from timbrescope.models.catalogue import CLASSICAL_NAMES, model_path
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.models.instruments import NAMES

LARGEST_BYTES = 10_000_000


def _notes() -> list[np.ndarray]:
    time_s = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    noise = np.random.default_rng(1).normal(0, 0.1, WINDOW_SAMPLES)
    tones = [0.3 * np.sin(2 * np.pi * hz * time_s) * np.exp(-time_s) for hz in (110, 440, 1760)]
    return [*tones, noise, np.zeros(WINDOW_SAMPLES)]


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_what_ships_is_small_whole_and_says_what_it_is(name: str) -> None:
    assert model_path(name).stat().st_size < LARGEST_BYTES
    sidecar = load_artefact(model_path(name)).sidecar
    assert (sidecar.family, sidecar.kind) == (name, "mfcc")
    assert sidecar.name == f"timbrescope-{name}"
    assert sidecar.classes == NAMES
    assert sidecar.attributions
    assert 0 < sidecar.thresholds.not_sure < 1
    assert 0 < sidecar.metrics["dev"]["accuracy"] <= 1
    assert sidecar.metrics["parity"]["probabilities_max_abs"] <= 1e-4
    assert sidecar.metrics["parity"]["disagreements"] == 0
    pruning = sidecar.metrics["pruning"]
    assert pruning["shipped"]["bytes"] == model_path(name).stat().st_size
    assert {"accuracy", "macro_f1", "top3"} <= set(pruning["full"]) & set(pruning["shipped"])


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_they_answer_for_every_sound_and_give_no_evidence(name: str) -> None:
    classifier = Classifier.load(name)
    assert not classifier.explains
    best = set()
    for note in _notes():
        found = classifier.classify(note)
        assert found.probabilities.shape == (28,)
        assert found.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
        assert found.heatmaps is None
        assert found.embedding is None
        best.add(int(found.probabilities.argmax()))
    assert len(best) > 1


def test_all_were_trained_on_the_windows_of_the_networks() -> None:
    splits = [load_artefact(model_path(name)).sidecar for name in ("mfcc", *CLASSICAL_NAMES)]
    assert len({sidecar.corpus["identity"] for sidecar in splits}) == 1
    assert len({sidecar.split["train_windows"] for sidecar in splits}) == 1
