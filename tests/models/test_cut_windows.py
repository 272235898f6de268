"""A file's windows: consecutive, the last one its last 3 s, and how much of each one sounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.errors import WindowError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES
from timbrescope.models.windows import CutWindow, cut_stream, cut_windows, sound_s, window_starts


def _start(window: CutWindow) -> int:
    return round(window.start_s * SAMPLE_RATE_HZ)


@settings(deadline=None, max_examples=40)
@given(count=st.integers(1, 4 * WINDOW_SAMPLES))
def test_windows_cover_every_sample_and_the_last_one_ends_with_the_file(count: int) -> None:
    samples = np.arange(1, count + 1, dtype=np.float32)
    windows = list(cut_windows(samples))
    assert len(windows) == max(1, -(-count // WINDOW_SAMPLES))
    for window in windows:
        start = _start(window)
        assert window.samples.shape == (WINDOW_SAMPLES,)
        np.testing.assert_array_equal(
            window.samples[: window.filled_samples],
            samples[start : start + window.filled_samples],
        )
        assert not window.samples.flags.writeable
    starts = [_start(window) for window in windows]
    assert starts == sorted(set(starts)) == window_starts(count)
    assert starts[:-1] == [number * WINDOW_SAMPLES for number in range(len(starts) - 1)]
    last = windows[-1]
    assert _start(last) + last.filled_samples == count
    assert last.end_s == pytest.approx(count / SAMPLE_RATE_HZ)


@settings(deadline=None, max_examples=40)
@given(count=st.integers(1, 4 * WINDOW_SAMPLES))
def test_every_sample_is_new_in_one_window_and_only_short_files_are_padded(count: int) -> None:
    windows = list(cut_windows(np.ones(count, np.float32)))
    assert sum(window.new_samples for window in windows) == count
    assert all(window.new_samples == WINDOW_SAMPLES for window in windows[:-1])
    if count >= WINDOW_SAMPLES:
        assert all(window.filled_samples == WINDOW_SAMPLES for window in windows)
    else:
        assert windows[0].filled_samples == windows[0].new_samples == count
        assert not windows[0].samples[count:].any()


@settings(deadline=None, max_examples=40)
@given(
    sizes=st.lists(st.integers(0, WINDOW_SAMPLES * 2), min_size=1, max_size=6),
    size=st.sampled_from([WINDOW_SAMPLES, 1000]),
)
def test_a_stream_is_cut_like_the_whole(sizes: list[int], size: int) -> None:
    whole = np.arange(sum(sizes), dtype=np.float32)
    pieces = np.split(whole, np.cumsum(sizes)[:-1])
    found = list(cut_stream(pieces, size=size))
    expected = list(cut_stream([whole], size=size))
    assert len(found) == len(expected) == len(window_starts(len(whole), size=size))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)
        assert (one.start_s, one.filled_samples, one.new_samples) == (
            *(other.start_s, other.filled_samples, other.new_samples),
        )


def test_a_window_of_a_stream_comes_as_soon_as_it_is_complete() -> None:
    heard: list[int] = []

    def pieces() -> object:
        for number in range(7):
            heard.append(number)
            yield np.ones(WINDOW_SAMPLES // 3, np.float32)

    first = next(cut_stream(pieces()))  # type: ignore[arg-type]
    assert first.start_s == 0.0
    assert heard == [0, 1, 2]


def test_a_full_window_is_not_followed_by_an_empty_one() -> None:
    assert len(list(cut_windows(np.ones(WINDOW_SAMPLES, np.float32)))) == 1
    second = list(cut_windows(np.ones(WINDOW_SAMPLES + 1, np.float32)))[1]
    assert (second.new_samples, _start(second)) == (1, 1)


@pytest.mark.parametrize("shape", [(0,), (2, 100)])
def test_what_is_not_mono_sound_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(WindowError, match="shape"):
        list(cut_windows(np.zeros(shape, np.float32)))


@settings(deadline=None, max_examples=30)
@given(sounding_s=st.floats(0.0, WINDOW_S), after_s=st.floats(0.0, 1.0))
def test_sound_is_counted_where_it_is_loud(sounding_s: float, after_s: float) -> None:
    loud = np.full(round(sounding_s * SAMPLE_RATE_HZ), 0.1, np.float32)
    soft = np.full(round(after_s * SAMPLE_RATE_HZ), 1e-5, np.float32)
    found = sound_s(np.concatenate([loud, soft]), quiet_dbfs=-60.0)
    assert found == pytest.approx(sounding_s, abs=0.021)
    assert sound_s(soft, quiet_dbfs=-60.0) == 0.0


def test_an_overlapping_window_counts_for_what_it_adds() -> None:
    added = 661
    samples = np.full(WINDOW_SAMPLES + added, 0.1, np.float32)
    first, last = cut_windows(samples)
    assert first.new_sound_s(quiet_dbfs=-60.0) == pytest.approx(WINDOW_S)
    assert last.new_sound_s(quiet_dbfs=-60.0) == pytest.approx(added / SAMPLE_RATE_HZ)
    samples[WINDOW_SAMPLES:] = 0.0
    *_, last = cut_windows(samples)
    assert last.new_sound_s(quiet_dbfs=-60.0) == 0.0


def test_a_quiet_window_adds_no_sound_for_one_click() -> None:
    samples = np.zeros(WINDOW_SAMPLES, np.float32)
    samples[1000] = 0.1
    (window,) = cut_windows(samples)
    assert sound_s(samples, quiet_dbfs=-60.0) > 0.0
    assert window.new_sound_s(quiet_dbfs=-60.0) == 0.0
