import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.fit.flagship.holes import LOST_SHARES, with_holes  # noqa: E402
from timbrescope.training.fit.flagship.network import LOUDEST, SILENCE  # noqa: E402

BATCH = np.random.default_rng(1).uniform(SILENCE + 0.1, LOUDEST, (64, 64, 256)).astype(np.float32)


def _holed(seed: int) -> np.ndarray:
    return with_holes(tf.constant(BATCH), seed=tf.constant([1, seed])).numpy()


def test_half_of_the_windows_lose_cells_to_silence_and_nothing_else_changes() -> None:
    whole = 0
    for seed in range(8):
        found = _holed(seed)
        lost = found != BATCH
        assert (found[lost] == np.float32(SILENCE)).all()
        shares = lost.mean(axis=(1, 2))
        whole += int((shares == 0).sum())
        # Those that lose what is faint lose by level, of which these windows have all alike.
        assert shares.max() < 1.0
        assert np.median(shares[shares > 0]) < LOST_SHARES[1]
    assert 0.4 < whole / (8 * len(BATCH)) < 0.6


def test_the_same_seed_gives_the_same_holes() -> None:
    np.testing.assert_array_equal(_holed(3), _holed(3))
    assert (_holed(3) != _holed(4)).any()
