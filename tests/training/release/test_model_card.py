"""The model card says what the sidecars state."""

from dataclasses import replace

from timbrescope.models.artefact import read_sidecar, sidecar_path
from timbrescope.models.catalogue import (
    CLASSICAL_NAMES,
    DEFAULT_MODEL,
    MODEL_NAMES,
    entry_of,
    model_path,
)
from timbrescope.training.evaluate.tables import share
from timbrescope.training.release.model_card import CARD_PATH, render, shipped_sidecars


def test_the_card_that_ships_is_the_one_the_sidecars_make() -> None:
    assert CARD_PATH.read_text("utf-8") == render(shipped_sidecars())


def test_the_card_credits_every_source_and_states_the_figures() -> None:
    card = CARD_PATH.read_text("utf-8")
    for name in MODEL_NAMES:
        sidecar = read_sidecar(sidecar_path(model_path(name)))
        assert all(f"- {credit}" in card for credit in sidecar.attributions)
        assert share(sidecar.metrics["dev"]["accuracy"]) in card


def test_the_default_model_is_shown_in_detail() -> None:
    sidecars = shipped_sidecars()
    assert sidecars[0] == read_sidecar(sidecar_path(model_path(DEFAULT_MODEL)))
    assert f"## {entry_of(DEFAULT_MODEL).title}: per source" in render(sidecars)


def test_the_card_states_what_the_classical_models_lost_to_their_size() -> None:
    sidecars = [read_sidecar(sidecar_path(model_path(name))) for name in CLASSICAL_NAMES]
    card = render(sidecars)
    for name in CLASSICAL_NAMES:
        [line] = [
            line
            for line in card.splitlines()
            if line.startswith(f"| {entry_of(name).title} |") and "MB" in line
        ]
        assert "nothing" in line
    forest = sidecars[CLASSICAL_NAMES.index("random-forest")]
    pruning = {
        "method": "90 of 200 trees were kept",
        "full": {"bytes": 12_300_000, "accuracy": 0.9, "macro_f1": 0.8, "top3": 1.0},
        "shipped": {"bytes": 9_870_000, "accuracy": 0.885, "macro_f1": 0.8, "top3": 0.99},
    }
    cut = replace(forest, metrics=forest.metrics | {"pruning": pruning})
    assert (
        "| 12.30 MB | 9.87 MB | 90 of 200 trees were kept | 90.0 % → 88.5 % | 80.0 % | "
        "100.0 % → 99.0 % |"
    ) in render([cut])


def test_a_model_that_was_not_measured_says_so() -> None:
    sidecar = replace(read_sidecar(sidecar_path(model_path("mfcc"))), metrics={})
    assert "| CNN on MFCCs | not measured |" in render([sidecar])
