from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.background import textures as noise_textures
from timbrescope.training.corpus.background.textures import TEXTURES, store_textures, texture


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(TEXTURES)),
    seed=st.integers(0, 2**32 - 1),
    seconds=st.floats(0.3, 4.0),
)
def test_a_texture_is_finite_peaks_at_one_and_has_its_length(
    name: str, seed: int, seconds: float
) -> None:
    made = texture(name, seconds=seconds, rng=np.random.default_rng(seed))
    assert made.shape == (int(seconds * SAMPLE_RATE_HZ),)
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    peak = float(np.abs(made).max())
    # A few drops a second may all miss a short piece.
    assert peak == pytest.approx(1.0) or not made.any()


@pytest.mark.parametrize("name", sorted(TEXTURES))
def test_the_seed_decides(name: str) -> None:
    first, again, other = (
        texture(name, seconds=1.0, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noise_textures, "PIECES", 2)
    monkeypatch.setattr(noise_textures, "PIECE_S", 0.5)


@pytest.mark.usefixtures("short_pieces")
def test_each_stored_texture_is_a_group_of_noise(tmp_path: Path) -> None:
    rows = store_textures(tmp_path, seed=5)
    assert len(rows) == 2 * len(TEXTURES)
    assert len({row["group"] for row in rows}) == len(TEXTURES)
    assert {(row["kind"], row["split"], row["instrument"]) for row in rows} == {
        ("noise", "train", "")
    }
    for row in rows:
        info = soundfile.info(tmp_path / row["path"])
        assert (info.samplerate, info.channels) == (SAMPLE_RATE_HZ, 1)
        assert info.duration == pytest.approx(float(row["seconds"]), abs=0.01)


@pytest.mark.usefixtures("short_pieces")
def test_what_is_stored_is_not_made_again_but_for_another_seed(tmp_path: Path) -> None:
    first = store_textures(tmp_path, seed=5)
    path = tmp_path / first[0]["path"]
    before = path.stat().st_mtime_ns
    assert store_textures(tmp_path, seed=5) == first
    assert path.stat().st_mtime_ns == before
    content = path.read_bytes()
    store_textures(tmp_path, seed=6)
    assert path.read_bytes() != content
