"""The shipped classical graphs, run by a second implementation of ONNX."""

import numpy as np
import pytest

pytest.importorskip("onnx", reason="needs the train extra")

import onnx
from onnx.reference import ReferenceEvaluator

from timbrescope.models.catalogue import CLASSICAL_NAMES, model_path
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES, mfcc


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_another_runtime_gives_the_same_numbers(name: str) -> None:
    time_s = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    features = mfcc(0.3 * np.sign(np.sin(2 * np.pi * 330 * time_s)) * np.exp(-time_s))
    graph = onnx.load(model_path(name))
    logits, probabilities = ReferenceEvaluator(graph).run(
        ["logits", "probabilities"], {"features": features[np.newaxis]}
    )
    found = Classifier.load(name).predict(features)
    np.testing.assert_allclose(found.logits, logits[0], atol=1e-4)
    assert probabilities[0].sum() == pytest.approx(1, abs=1e-5)
    assert {entry.domain for entry in graph.opset_import} == {""}
