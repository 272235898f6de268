import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.export.grad_cam import probability_bracket  # noqa: E402
from timbrescope.training.fit.flagship.head import LinearHead, class_maps  # noqa: E402


def _head(rng: np.random.Generator) -> LinearHead:
    return LinearHead(rng.normal(size=(5, 28)), rng.normal(size=(7, 28)), rng.normal(size=28))


def test_every_map_adds_up_to_its_bracketed_logit() -> None:
    rng = np.random.default_rng(1)
    head = _head(rng)
    fine, coarse = rng.normal(size=(3, 16, 17, 5)), rng.normal(size=(3, 8, 17, 7))
    logits = head.logits(fine.mean(axis=(1, 2)), coarse.mean(axis=(1, 2)))
    brackets = probability_bracket(tf.constant(logits), background=True)
    maps = class_maps(brackets, tf.constant(fine), tf.constant(coarse), head=head)
    expected = np.einsum("ncj,nj->nc", brackets.numpy(), logits - head.bias)
    assert maps.shape == (3, 28, 16, 17)
    np.testing.assert_allclose(maps.numpy().sum(axis=(2, 3)), expected, atol=1e-9)


def test_a_share_of_another_head_is_a_share_of_its_logits() -> None:
    rng = np.random.default_rng(2)
    one, other = _head(rng), _head(rng)
    averages = rng.normal(size=(4, 5)), rng.normal(size=(4, 7))
    blended = one.plus(other, share=0.3).logits(*averages)
    np.testing.assert_allclose(blended, one.logits(*averages) + 0.3 * other.logits(*averages))
