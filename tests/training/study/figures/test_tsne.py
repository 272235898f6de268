"""The t-SNE map: made once for the same vectors, and made anew for others."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the train extra")

from timbrescope.training.study.figures import tsne
from timbrescope.training.study.figures.tsne import TsneError, embed, perplexity_for


@pytest.fixture
def vectors() -> np.ndarray:
    rng = np.random.default_rng(0)
    crowds = [rng.normal(10 * number, 1, (20, 40)) for number in range(3)]
    return np.concatenate(crowds).astype(np.float32)


def test_crowds_of_vectors_stay_together(vectors: np.ndarray, tmp_path: Path) -> None:
    places = embed(vectors, cache=tmp_path / "tsne.npz")
    assert places.shape == (60, 2)
    assert places.dtype == np.float32
    middles = places.reshape(3, 20, 2).mean(axis=1)
    nearest = np.linalg.norm(places[:, None] - middles[None], axis=2).argmin(axis=1)
    np.testing.assert_array_equal(nearest, np.repeat(range(3), 20))


def test_every_coefficient_weighs_the_same(vectors: np.ndarray, tmp_path: Path) -> None:
    loud = vectors.copy()
    loud[:, 0] = 1000 * np.random.default_rng(1).standard_normal(len(loud))
    places = embed(loud, cache=tmp_path / "tsne.npz")
    middles = places.reshape(3, 20, 2).mean(axis=1)
    nearest = np.linalg.norm(places[:, None] - middles[None], axis=2).argmin(axis=1)
    np.testing.assert_array_equal(nearest, np.repeat(range(3), 20))


def test_the_map_is_made_once(
    vectors: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def compute(given: np.ndarray) -> np.ndarray:
        made.append(len(given))
        return given[:, :2].astype(np.float32)

    monkeypatch.setattr(tsne, "_compute", compute)
    cache = tmp_path / "figures" / "tsne.npz"
    first = embed(vectors, cache=cache)
    np.testing.assert_array_equal(embed(vectors, cache=cache), first)
    assert made == [60]
    embed(vectors[:-1], cache=cache)
    assert made == [60, 59]
    cache.write_bytes(b"damaged")
    embed(vectors, cache=cache)
    assert made == [60, 59, 60]


@pytest.mark.parametrize(("count", "perplexity"), [(42_311, 30.0), (91, 30.0), (31, 10.0)])
def test_perplexity_is_the_paper_s_unless_there_are_few(count: int, perplexity: float) -> None:
    assert perplexity_for(count) == perplexity


def test_few_vectors_still_make_a_map(vectors: np.ndarray, tmp_path: Path) -> None:
    assert np.isfinite(embed(vectors[:5], cache=tmp_path / "tsne.npz")).all()


def test_too_few_and_broken_vectors_are_refused(vectors: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(TsneError, match="4 clips"):
        embed(vectors[:4], cache=tmp_path / "tsne.npz")
    vectors[7, 3] = np.nan
    with pytest.raises(TsneError, match="clip 7"):
        embed(vectors, cache=tmp_path / "tsne.npz")
