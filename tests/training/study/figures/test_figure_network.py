"""The drawn network is the network that is trained, layer by layer."""

import pytest

from timbrescope.models.frontend import PAPER_KINDS, FeatureKind
from timbrescope.training.study.figures.architecture import parameter_count, stages, untrained_count


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_it_has_the_paper_s_number_of_parameters(kind: FeatureKind) -> None:
    assert parameter_count(kind) == 113_692


@pytest.mark.train
@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_every_layer_is_that_of_keras(kind: FeatureKind) -> None:
    pytest.importorskip("keras")
    from timbrescope.training.fit.cnn import build_cnn

    model = build_cnn(kind)
    drawn = [layer for stage in stages(kind) for layer in stage.layers]
    assert [layer.name for layer in drawn] == [layer.name for layer in model.layers]
    for layer in drawn:
        built = model.get_layer(layer.name)
        shape = tuple(built.output.shape[1:])
        assert (layer.shape, layer.parameters) == (shape, built.count_params()), layer.name
    assert parameter_count(kind) == model.count_params()
    untrained = sum(int(weight.shape[0]) for weight in model.non_trainable_weights)
    assert untrained_count(kind) == untrained
