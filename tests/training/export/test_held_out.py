"""From answers to held-out windows to a sidecar: the one way for all models."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from timbrescope.models.artefact import read_sidecar, sidecar_path
from timbrescope.training.export.held_out import (
    ComparedGraph,
    HeldOutAnswers,
    calibrated,
    ship,
    spread,
)
from timbrescope.training.export.sidecar import ParityError, Provenance
from timbrescope.training.measures.calibration import calibrate


@dataclass(frozen=True)
class Agreement:
    ok: bool = True

    def stated(self) -> dict[str, Any]:
        return {"windows": 3}


GRAPH = ComparedGraph(b"graph", "a-model", "mfcc", "cnn", Agreement())


def answers(*, background: bool = False) -> HeldOutAnswers:
    rng = np.random.default_rng(5)
    labels = np.repeat(np.arange(28), 6)
    logits = rng.normal(0, 1.0, (len(labels), 28))
    logits[np.arange(len(labels)), labels] += 3.0
    silence = rng.normal(-1.0, 1.0, (40, 28))
    return HeldOutAnswers(logits, labels, silence=silence, background=background)


@pytest.mark.parametrize("background", [False, True])
def test_limits_are_fitted_to_the_answers_and_stated(background: bool, tmp_path: Path) -> None:
    found = answers(background=background)
    wanted = calibrate(found.logits, found.labels, background=background, silence=found.silence)
    ship(GRAPH, tmp_path / "m.onnx", provenance=Provenance(split={"name": "x"}), answers=found)
    sidecar = read_sidecar(sidecar_path(tmp_path / "m.onnx"))
    assert (sidecar.temperature, sidecar.background) == (wanted.temperature, background)
    limits = sidecar.thresholds
    assert (limits.not_sure, limits.least_known) == (wanted.not_sure, wanted.least_known)
    assert sidecar.metrics == {"calibration": wanted.as_dict(), "parity": {"windows": 3}}
    assert (sidecar.name, sidecar.split) == ("a-model", {"name": "x"})


def test_without_answers_the_limits_of_the_provenance_are_kept(tmp_path: Path) -> None:
    given = Provenance(temperature=2.5, not_sure=0.3, name="own")
    ship(GRAPH, tmp_path / "m.onnx", provenance=given)
    sidecar = read_sidecar(sidecar_path(tmp_path / "m.onnx"))
    assert (sidecar.name, sidecar.temperature, sidecar.thresholds.not_sure) == ("own", 2.5, 0.3)


def test_a_graph_that_differs_is_not_written(tmp_path: Path) -> None:
    differing = replace(GRAPH, parity=Agreement(ok=False), made_from="the forest")
    with pytest.raises(ParityError, match="the exported a-model differs from the forest"):
        ship(differing, tmp_path / "m.onnx", provenance=Provenance(), answers=answers())
    assert list(tmp_path.iterdir()) == []


def test_what_was_stated_before_stays_beside_the_calibration() -> None:
    found = calibrated(Provenance(metrics={"validation": {"n": 1}}), answers())
    assert set(found.metrics) == {"validation", "calibration"}


def test_windows_to_compare_on_are_spread_over_a_part() -> None:
    features = np.arange(100.0)[:, np.newaxis]
    assert spread(features, count=5)[:, 0].tolist() == [0.0, 24.0, 49.0, 74.0, 99.0]
    assert len(spread(features[:2], count=5)) == 2
