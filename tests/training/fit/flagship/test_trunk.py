from pathlib import Path
from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.fit.flagship.network import build_flagship  # noqa: E402
from timbrescope.training.fit.flagship.settings import Shape  # noqa: E402
from timbrescope.training.fit.flagship.trunk import (  # noqa: E402
    BLOCKS,
    CHECKPOINT,
    LAST_BLOCK,
    TrunkError,
    convolution_names,
    load_published,
)

NARROW = Shape(width=1 / 16)
KEY = "layer-1/layer/_func/_yamnet/layer_with_weights-{}/{}/.ATTRIBUTES/VARIABLE_VALUE"


@pytest.fixture
def model() -> Any:
    """Give a narrow network, whose weights the test may change."""
    return build_flagship(NARROW)


def _publish(model: Any, package: Path, *, leave_out: str = "") -> dict[str, np.ndarray]:
    """Write a checkpoint as the package has it, for a network, with random weights."""
    rng = np.random.default_rng(1)
    found = {}
    for number, name in enumerate(convolution_names()):
        height, width, *channels = model.get_layer(name).get_weights()[0].shape
        part = "depthwise_kernel" if name.endswith("depthwise") else "kernel"
        found[KEY.format(2 * number, part)] = rng.normal(size=(width, height, *channels))
        units = model.get_layer(f"{name}_norm").get_weights()[0].shape
        for part in ("beta", "moving_mean", "moving_variance"):
            found[KEY.format(2 * number + 1, part)] = rng.uniform(0.5, 1, units)
    found.pop(leave_out, None)
    prefix = package / CHECKPOINT
    prefix.parent.mkdir(parents=True)
    arrays = [tf.constant(array, tf.float32) for array in found.values()]
    tf.raw_ops.SaveV2(
        prefix=str(prefix), tensor_names=list(found), shape_and_slices=[""] * len(found),
        tensors=arrays,
    )  # fmt: skip
    return found


def test_published_kernels_are_turned_so_that_bands_come_first(model: Any, tmp_path: Path) -> None:
    published = _publish(model, tmp_path)
    load_published(model, tmp_path)
    first = model.get_layer("block1").get_weights()[0]
    theirs = published[KEY.format(0, "kernel")]
    np.testing.assert_allclose(first, theirs.transpose(1, 0, 2, 3), atol=1e-6)
    last = model.get_layer(f"block{LAST_BLOCK}_norm").get_weights()[2]
    number = 2 * len(list(convolution_names())) - 1
    np.testing.assert_allclose(last, published[KEY.format(number, "moving_variance")], atol=1e-6)


def test_a_checkpoint_without_an_array_is_refused(model: Any, tmp_path: Path) -> None:
    _publish(model, tmp_path, leave_out=KEY.format(4, "kernel"))
    with pytest.raises(TrunkError, match="delete that folder"):
        load_published(model, tmp_path)


def test_a_package_without_the_checkpoint_is_refused(model: Any, tmp_path: Path) -> None:
    with pytest.raises(TrunkError, match="cannot read the trunk's weights"):
        load_published(model, tmp_path)


def test_maps_lie_as_spectrograms_do_and_norms_are_frozen(model: Any) -> None:
    strides = np.cumprod([2, *(stride for _, stride in BLOCKS)])
    for block in NARROW.blocks:
        _, bands, frames, _ = model.get_layer(f"map{block}").output.shape
        assert (bands, frames) == (64 // strides[block - 1], 256 // strides[block - 1])
    norms = [layer for layer in model.layers if layer.name.endswith("_norm")]
    assert len(norms) == len(list(convolution_names()))
    assert not any(layer.trainable for layer in norms)
