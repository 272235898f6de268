"""The network has the paper's form and standardises its input itself."""

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.models.frontend import PAPER_KINDS, FeatureKind, feature_shape  # noqa: E402
from timbrescope.training.fit.cnn import (  # noqa: E402
    EMBEDDING,
    LAST_CONVOLUTION,
    LOGITS,
    PROBABILITIES,
    WindowStandardisation,
    build_cnn,
    layer_output,
    with_precision,
)


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_it_has_the_papers_number_of_parameters(kind: FeatureKind) -> None:
    assert build_cnn(kind).count_params() == 113_692


@pytest.mark.parametrize(("kind", "map_shape"), [("mel", (32, 32)), ("mfcc", (10, 32))])
def test_every_output_of_the_contract_can_be_reached(
    kind: FeatureKind, map_shape: tuple[int, int]
) -> None:
    model = layer_output(build_cnn(kind), LAST_CONVOLUTION, EMBEDDING, LOGITS, PROBABILITIES)
    features = np.random.default_rng(1).normal(-40, 20, (2, *feature_shape(kind)))
    found = model(features.astype(np.float32), training=False)
    assert found[LAST_CONVOLUTION].shape == (2, *map_shape, 128)
    assert found[EMBEDDING].shape == (2, 128)
    assert found[LOGITS].shape == (2, 28)
    np.testing.assert_allclose(found[PROBABILITIES].numpy().sum(axis=1), 1.0, rtol=1e-5)


def test_layers_are_the_papers_in_the_papers_order() -> None:
    kinds = [type(layer).__name__ for layer in build_cnn("mel").layers]
    block = ["Conv2D", "BatchNormalization", "MaxPooling2D"]
    head = ["GlobalAveragePooling2D", "Dense", "Dropout", "Dense", "Softmax"]
    assert kinds == ["InputLayer", "WindowStandardisation", *block * 3, *head]


def test_each_window_is_standardised_by_itself_over_both_axes() -> None:
    rng = np.random.default_rng(2)
    features = rng.normal([[[-40.0]], [[5.0]]], [[[20.0]], [[0.5]]], (2, 40, 130))
    ours = WindowStandardisation()(features.astype(np.float32)).numpy()[..., 0]
    mean = features.mean(axis=(1, 2), keepdims=True)
    deviation = features.std(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(ours, (features - mean) / (deviation + 1e-6), atol=1e-4)


def test_digital_silence_gives_numbers() -> None:
    found = build_cnn("mel")(np.zeros((1, 128, 130), np.float32), training=False).numpy()
    assert np.isfinite(found).all()


def test_a_copy_in_another_precision_gives_the_same_answer() -> None:
    model = build_cnn("mfcc")
    features = np.random.default_rng(3).normal(0, 20, (2, 40, 130)).astype(np.float32)
    exact = with_precision(model, kind="mfcc", precision="float64")(features, training=False)
    assert exact.dtype == "float64"
    np.testing.assert_allclose(model(features, training=False), exact, atol=1e-5)
