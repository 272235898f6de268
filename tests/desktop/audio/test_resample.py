"""Device frames become mono at 22,050 Hz, whatever the blocks."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import example, given, settings
from hypothesis import strategies as st

from timbrescope.desktop.audio.meter import ChannelMeter
from timbrescope.desktop.audio.resample import MonoResampler
from timbrescope.models.audio.decode import read_mono


def _tone(rate: int, seconds: float = 1.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)).astype("f4")


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_tone_keeps_its_pitch_and_level(rate: int) -> None:
    mono = MonoResampler(rate).process(_tone(rate)[:, np.newaxis])
    middle = mono[4_000:16_000]
    peak_hz = np.abs(np.fft.rfft(middle * np.hanning(len(middle)))).argmax() * 22_050 / len(middle)
    assert peak_hz == pytest.approx(440, abs=2)
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.01)


@settings(max_examples=25)
@given(cuts=st.lists(st.integers(0, 44_100), max_size=20))
def test_blocks_change_nothing(cuts: list[int]) -> None:
    frames = _tone(44_100)[:, np.newaxis]
    at_once = MonoResampler(44_100).process(frames)
    pieces = MonoResampler(44_100)
    edges = sorted({0, *cuts, len(frames)})
    parts = [pieces.process(frames[a:b]) for a, b in itertools.pairwise(edges)]
    joined = np.concatenate(parts)
    shared = min(len(joined), len(at_once))
    assert shared > 20_000
    np.testing.assert_allclose(joined[:shared], at_once[:shared], atol=1e-6)


def test_unused_inputs_of_an_interface_do_not_thin_the_sound() -> None:
    frames = np.zeros((48_000, 8), dtype=np.float32)
    frames[:, 3] = _tone(48_000)
    mono = MonoResampler(48_000).process(frames)
    assert np.abs(mono[4_000:16_000]).max() == pytest.approx(0.5, abs=0.01)


def test_silence_stays_silence() -> None:
    assert not MonoResampler(48_000).process(np.zeros((4_800, 2), dtype=np.float32)).any()


@pytest.mark.parametrize("channels", [2, 4])
@settings(max_examples=25)
@given(block_frames=st.integers(100, 96_000))
@example(block_frames=480)
def test_blocks_change_nothing_with_several_channels(channels: int, block_frames: int) -> None:
    frames = np.zeros((96_000, channels), dtype=np.float32)
    frames[:, 0] = _tone(48_000, 2.0)
    # The second channel stops half way, as in a rest; the first one must not jump.
    frames[:48_000, 1] = 0.2 * frames[:48_000, 0]
    at_once = MonoResampler(48_000).process(frames)
    pieces = MonoResampler(48_000)
    starts = range(0, len(frames), block_frames)
    joined = np.concatenate([pieces.process(frames[a : a + block_frames]) for a in starts])
    shared = min(len(joined), len(at_once))
    assert shared > 40_000
    np.testing.assert_allclose(joined[:shared], at_once[:shared], atol=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_fewer_channels_than_listed_are_taken_as_they_come(channels: int) -> None:
    frames = np.repeat(_tone(48_000)[:, np.newaxis], channels, axis=1)
    resampler = MonoResampler(48_000)
    resampler.process(np.zeros((4_800, 6), np.float32))
    np.testing.assert_array_equal(resampler.process(frames), MonoResampler(48_000).process(frames))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number_does_not_stay(value: float) -> None:
    frames = np.repeat(_tone(48_000)[:, np.newaxis], 2, axis=1)
    frames[100, 0] = value
    resampler = MonoResampler(48_000)
    mono = np.concatenate([resampler.process(frames[:4_800]), resampler.process(frames[4_800:])])
    assert np.isfinite(mono).all()
    assert np.abs(mono[4_000:16_000]).max() == pytest.approx(0.5, abs=0.01)


def test_a_take_sounds_the_same_live_and_from_disk(tmp_path: Path) -> None:
    frames = np.zeros((3 * 48_000, 8), np.float32)
    frames[:, 5] = _tone(48_000, 3.0)
    frames += np.float32(0.01)
    soundfile.write(tmp_path / "take.wav", frames, 48_000, subtype="FLOAT")
    resampler = MonoResampler(48_000)
    live = np.concatenate([resampler.process(part) for part in np.array_split(frames, 97)])
    file = read_mono(tmp_path / "take.wav")
    np.testing.assert_allclose(live, file[: len(live)], atol=1e-6)
    assert len(file) - len(live) < 0.06 * 22_050


def test_chosen_channels_alone_are_heard_and_the_others_are_not() -> None:
    low, high = _tone(48_000), np.sin(2 * np.pi * 3_000 * np.arange(48_000) / 48_000)
    frames = np.stack([low, 0.9 * high, np.zeros(48_000)], axis=1).astype(np.float32)

    def loudest_hz(mono: np.ndarray) -> float:
        middle = mono[4_000:16_000]
        spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
        return float(spectrum.argmax() * 22_050 / len(middle))

    resampler = MonoResampler(48_000)
    assert resampler.used == ()
    resampler.process(frames)
    assert resampler.used == (True, True, False)
    resampler.choose((1,))
    assert loudest_hz(resampler.process(frames)) == pytest.approx(3_000, abs=5)
    assert resampler.used == (False, True, False)
    resampler.choose((0, 17))
    assert loudest_hz(resampler.process(frames)) == pytest.approx(440, abs=5)
    # Channels that are not there are no reason to hear nothing.
    resampler.choose((17,))
    assert np.abs(resampler.process(frames)).max() > 0.4


def test_each_channel_has_its_peak() -> None:
    meter = ChannelMeter(1_000)
    assert meter.peaks_dbfs == ()
    block = np.zeros((300, 3), np.float32)
    block[:, 0], block[10, 1] = 0.1, -1.0
    meter.see(block)
    assert meter.peaks_dbfs == pytest.approx((-20.0, 0.0, -np.inf), abs=0.01)
    meter.see(np.zeros((299, 3), np.float32))
    assert meter.peaks_dbfs == pytest.approx((-20.0, -np.inf, -np.inf), abs=0.01)
    meter.see(np.ones((10, 1), np.float32))
    assert meter.peaks_dbfs == pytest.approx((0.0,))
