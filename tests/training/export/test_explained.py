"""The closed form of the probability's gradient against automatic differentiation."""

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.export.grad_cam import probability_bracket  # noqa: E402


@pytest.mark.parametrize("background", [False, True])
def test_the_bracket_is_the_gradient_but_for_its_positive_factor(background: bool) -> None:
    logits = tf.constant(np.random.default_rng(3).normal(0, 2, (5, 28)))
    with tf.GradientTape() as tape:
        tape.watch(logits)
        whole = tf.concat([logits, tf.zeros_like(logits[:, :1])], axis=1)
        found = tf.nn.softmax(whole if background else logits)[:, :28]
    jacobian = tape.batch_jacobian(found, logits).numpy()
    factor = (found * (1 - found)).numpy()[:, :, np.newaxis]
    bracket = probability_bracket(logits, background=background).numpy()
    np.testing.assert_allclose(bracket * factor, jacobian, rtol=1e-9, atol=1e-15)


def test_the_background_takes_its_share_of_the_others() -> None:
    """With all logits zero 28 others are left, one of them without a gradient."""
    bracket = probability_bracket(tf.zeros((1, 28), tf.float64), background=True).numpy()[0]
    assert bracket[0, 0] == 1.0
    np.testing.assert_allclose(bracket[0, 1:], -1 / 28)


def test_where_the_background_is_sure_the_map_is_that_of_the_own_logit() -> None:
    logits = tf.constant(np.full((1, 28), -50.0))
    np.testing.assert_allclose(
        probability_bracket(logits, background=True).numpy()[0], np.eye(28), atol=1e-12
    )
