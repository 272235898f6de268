import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from window_sets import window_set  # noqa: E402

from timbrescope.training.fit.flagship.answers import map_averages  # noqa: E402
from timbrescope.training.fit.flagship.head import LinearHead  # noqa: E402
from timbrescope.training.fit.flagship.network import (  # noqa: E402
    LOGITS,
    STANDARDISED,
    TEACHER_EMBEDDING,
    TEACHER_LOGITS,
    build_flagship,
)
from timbrescope.training.fit.flagship.settings import Shape  # noqa: E402


def test_a_folded_head_on_the_maps_averages_gives_the_networks_logits() -> None:
    model, features = build_flagship(Shape(width=1 / 16)), window_set().features[:5].astype("f4")
    rng = np.random.default_rng(1)
    units = model.get_layer(STANDARDISED).mean.shape
    model.get_layer(STANDARDISED).set_weights([rng.normal(size=units), rng.uniform(1, 2, units)])
    ours = LinearHead.of(model).logits(map_averages(model, features))
    np.testing.assert_allclose(ours, model(features)[LOGITS], atol=1e-4)


def test_only_the_labels_logits_are_learned_from_a_part_of_the_averages() -> None:
    model = build_flagship(Shape(width=1 / 16, dropout=0.5))
    features = window_set().features[:5].astype("f4")
    trained, answered = model(features, training=True), model(features, training=False)
    for name in (TEACHER_EMBEDDING, TEACHER_LOGITS):
        np.testing.assert_allclose(trained[name], answered[name], rtol=1e-4)
    assert not np.allclose(trained[LOGITS], answered[LOGITS], rtol=1e-2, atol=0)
