"""The streaming front end equals the batch one, whatever the chunk sizes."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models import frontend
from timbrescope.models.streaming import StreamingFrontEnd

HISTORY = 70_000
CHUNKS = st.lists(
    st.one_of(
        st.integers(1, 600),
        st.sampled_from([511, 512, 513, 1024, 2048, 4410]),
        st.integers(10_000, 90_000),
    ),
    min_size=1,
    max_size=12,
)


def _sound(count: int) -> np.ndarray:
    rng = np.random.default_rng(count)
    envelope = np.abs(np.sin(np.arange(count) / 9_000))
    return (0.2 * envelope * rng.standard_normal(count)).astype(np.float32)


@settings(max_examples=40)
@given(chunks=CHUNKS, kind=st.sampled_from(frontend.KINDS))
def test_every_window_equals_the_batch(chunks: list[int], kind: frontend.FeatureKind) -> None:
    sound = _sound(sum(chunks))
    before_and_after = np.concatenate([np.zeros(HISTORY, np.float32), sound])
    stream = StreamingFrontEnd()
    at = 0
    for chunk in chunks:
        stream.push(sound[at : at + chunk])
        at += chunk
        window = stream.window(kind=kind)
        begin = HISTORY + window.start_sample
        expected = before_and_after[begin : begin + frontend.WINDOW_SAMPLES]
        assert np.array_equal(window.samples, expected)
        batch = frontend.features(expected, kind=kind)
        if kind == "logmel":
            np.testing.assert_array_equal(window.features, batch)
        else:
            np.testing.assert_allclose(window.features, batch, rtol=0, atol=1e-5)
        assert 0 <= at - (window.start_sample + frontend.WINDOW_SAMPLES) < frontend.HOP_SAMPLES


@settings(max_examples=40)
@given(chunks=CHUNKS)
def test_columns_do_not_depend_on_the_chunks(chunks: list[int]) -> None:
    sound = _sound(sum(chunks))
    at_once = StreamingFrontEnd().push(sound)
    stream = StreamingFrontEnd()
    edges = np.cumsum([0, *chunks])
    parts = [stream.push(sound[a:b]) for a, b in itertools.pairwise(edges)]
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), at_once)


def test_columns_are_the_inner_frames_of_the_batch() -> None:
    sound = _sound(frontend.WINDOW_SAMPLES)
    columns = StreamingFrontEnd().push(sound)
    batch = frontend.log_mel(sound)
    inner = columns[:, :128] - columns[:, :128].max()
    loud = batch[:, :128] > -60
    offset = (inner - batch[:, :128])[loud]
    assert np.ptp(offset) < 1e-3


def test_a_stream_just_begun_has_silence_before_it() -> None:
    stream = StreamingFrontEnd()
    stream.push(_sound(5_000))
    window = stream.window(kind="mel")
    assert window.start_s < 0
    assert not window.samples[: -window.start_sample].any()


@pytest.mark.parametrize("count", [0, 1, 500])
def test_too_few_samples_make_no_column(count: int) -> None:
    assert StreamingFrontEnd().push(_sound(count)).shape == (128, 0)
