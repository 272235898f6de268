"""Files become windows: the same samples whatever the format's blocks, and clear errors."""

import os
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.audio import decode
from timbrescope.models.audio.channels import HighPass
from timbrescope.models.audio.decode import iter_windows, open_audio, read_span
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES

FORMATS = ["wav", "flac", "ogg", "mp3", "aiff"]


def _tune(seconds: float, rate: int) -> np.ndarray:
    time_s = np.arange(int(seconds * rate)) / rate
    return (0.4 * np.sin(2 * np.pi * (300 + 40 * time_s) * time_s)).astype(np.float32)


def _written(folder: Path, name: str, *, seconds: float = 7.5, rate: int = 44_100) -> Path:
    path = folder / name
    soundfile.write(path, _tune(seconds, rate), rate)
    return path


def _joined(path: Path) -> np.ndarray:
    windows = list(iter_windows(path))
    pieces = [
        window.samples[window.filled_samples - window.new_samples : window.filled_samples]
        for window in windows
    ]
    return np.concatenate(pieces)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_its_windows(tmp_path: Path, suffix: str) -> None:
    path = _written(tmp_path, f"tune.{suffix.upper()}")
    windows = list(iter_windows(path))
    assert [window.start_s for window in windows] == [0.0, 3.0, pytest.approx(4.5, abs=0.1)]
    assert all(window.samples.shape == (WINDOW_SAMPLES,) for window in windows)
    last = windows[-1]
    assert last.filled_samples == WINDOW_SAMPLES
    assert last.new_samples == pytest.approx(1.5 * SAMPLE_RATE_HZ, abs=0.1 * SAMPLE_RATE_HZ)
    rms = np.sqrt(np.mean(np.square(_joined(path))))
    assert rms == pytest.approx(0.4 / np.sqrt(2), abs=0.02)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 192_000])
def test_resampling_in_blocks_is_resampling_at_once(tmp_path: Path, rate: int) -> None:
    tune = _tune(4.2, rate)
    path = tmp_path / "tune.wav"
    soundfile.write(path, tune, rate, subtype="FLOAT")
    at_once = HighPass().push(soxr.resample(tune, rate, SAMPLE_RATE_HZ, quality="HQ"))
    np.testing.assert_allclose(_joined(path), at_once[: len(_joined(path))], atol=1e-5)
    assert abs(len(_joined(path)) - len(at_once)) <= 1


@pytest.mark.parametrize("suffix", FORMATS)
# At 22,050 Hz an MP3 is of another kind, whose frames lean on more of those before them.
@pytest.mark.parametrize("rate", [22_050, 44_100])
@settings(max_examples=8)
@given(block_s=st.floats(0.01, 5.0))
def test_the_size_of_blocks_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, rate: int, block_s: float
) -> None:
    path = _written(tmp_path_factory.mktemp("blocks"), f"tune.{suffix}", seconds=4, rate=rate)
    expected = _joined(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode, "BLOCK_S", block_s)
        np.testing.assert_array_equal(_joined(path), expected)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
@pytest.mark.parametrize("start_s", [0.0, 3.0, 6.0, 4.25])
def test_a_span_has_the_samples_of_the_windows(
    tmp_path: Path, suffix: str, rate: int, start_s: float
) -> None:
    path = _written(tmp_path, f"tune.{suffix}", seconds=10, rate=rate)
    begin = round(start_s * SAMPLE_RATE_HZ)
    expected = _joined(path)[begin : begin + 2 * SAMPLE_RATE_HZ]
    found = read_span(path, start_s=start_s, duration_s=2.0)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_channel_that_is_silent_takes_nothing_from_the_other(tmp_path: Path) -> None:
    tune = _tune(1, SAMPLE_RATE_HZ)
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.stack([tune, 0 * tune], axis=1), SAMPLE_RATE_HZ, subtype="FLOAT")
    np.testing.assert_allclose(_joined(path), HighPass().push(tune), atol=1e-6)


@pytest.mark.parametrize("suffix", [*FORMATS, "rf64", "w64", "caf", "au"])
@pytest.mark.parametrize("share", [0.6, 0.1])
def test_what_is_there_of_a_truncated_file_is_read_and_noted(
    tmp_path: Path, suffix: str, share: float
) -> None:
    path = _written(tmp_path, f"cut.{suffix}")
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    notes: list[str] = []
    try:
        found_s = sum(window.new_samples for window in iter_windows(path, notes=notes))
    except AudioFileError:
        # libsndfile's Ogg files are one page of 64 kB: nothing is left of it.
        assert suffix == "ogg"
        return
    # The bit rate of lossy formats varies.
    tolerance = 0.5 if suffix in ("ogg", "mp3") else 0.2
    assert found_s / SAMPLE_RATE_HZ == pytest.approx(7.5 * share, rel=tolerance)
    assert [note for note in notes if "cut short" in note]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_an_error_with_its_place(tmp_path: Path, value: float) -> None:
    tune = _tune(5, SAMPLE_RATE_HZ)
    tune[4 * SAMPLE_RATE_HZ] = value
    path = tmp_path / "bad.wav"
    soundfile.write(path, tune, SAMPLE_RATE_HZ, subtype="FLOAT")
    with pytest.raises(AudioFileError, match=r"not a number at 4\.000 s"):
        list(iter_windows(path))


def test_errors_say_what_is_wrong(tmp_path: Path) -> None:
    empty = tmp_path / "empty.wav"
    empty.touch()
    text = tmp_path / "text.wav"
    text.write_text("this is no sound at all, only words")
    m4a = tmp_path / "song.m4a"
    m4a.write_bytes(b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + bytes(200))
    blink = tmp_path / "blink.wav"
    soundfile.write(blink, np.ones(1), 192_000)
    raw = tmp_path / "samples.raw"
    raw.write_bytes(bytes(400))
    header = tmp_path / "header.wav"
    soundfile.write(header, np.empty(0), SAMPLE_RATE_HZ)
    expected = {
        empty: "0 bytes",
        text: "not an audio file",
        m4a: "convert it to WAV, FLAC, MP3, OGG, Opus, M4A or AIFF",
        raw: "not an audio file",
        blink: "too short",
        header: "no sound",
        tmp_path / "missing.wav": "No such file",
        tmp_path: "folder",
    }
    for path, words in expected.items():
        with pytest.raises(AudioFileError, match=words):
            list(iter_windows(path))


@pytest.mark.parametrize("stated", [0, 0x7FFFF024, 0x80000024, 0xFFFFFFFF])
def test_a_length_that_a_streaming_recorder_made_up_is_no_truncation(
    tmp_path: Path, stated: int
) -> None:
    path = _written(tmp_path, "piped.wav", seconds=4)
    content = bytearray(path.read_bytes())
    data = content.index(b"data") + 4
    content[4:8] = stated.to_bytes(4, "little")
    content[data : data + 4] = max(stated - 36, 0x7FFFF000).to_bytes(4, "little")
    path.write_bytes(content)
    assert [window.start_s for window in iter_windows(path)] == [0.0, 1.0]


def test_a_flac_that_states_no_length_is_read_to_its_end(tmp_path: Path) -> None:
    path = _written(tmp_path, "piped.flac", seconds=4)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0  # the last 36 bits of this field count the frames
    content[22:26] = bytes(4)
    path.write_bytes(content)
    assert [window.new_samples for window in iter_windows(path)] == [66_150, 22_050]
    with open_audio(path) as audio:
        assert audio.duration_s == 0.0


def test_samples_beyond_full_scale_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    soundfile.write(path, 5 * _tune(1, SAMPLE_RATE_HZ), SAMPLE_RATE_HZ, subtype="FLOAT")
    expected = HighPass().push(5 * _tune(1, SAMPLE_RATE_HZ))
    np.testing.assert_allclose(_joined(path), expected, atol=1e-5)


def test_values_whose_mean_overflows_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "huge.wav"
    soundfile.write(path, np.full((900, 2), 3e38, np.float32), SAMPLE_RATE_HZ, subtype="FLOAT")
    with pytest.raises(AudioFileError, match=r"not a number at 0\.000 s"):
        list(iter_windows(path))


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    def peak_bytes(seconds: float) -> int:
        path = _written(tmp_path, f"{seconds}.flac", seconds=seconds, rate=22_050)
        tracemalloc.start()
        try:
            for _ in iter_windows(path):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak_bytes(10)
    assert peak_bytes(240) < 1.5 * peak_bytes(10)


@pytest.mark.parametrize("header_rate", [1, 3_999, 768_001, 2_147_483_647])
def test_an_absurd_rate_is_refused(tmp_path: Path, header_rate: int) -> None:
    path = _written(tmp_path, "rate.wav", seconds=0.001)
    content = bytearray(path.read_bytes())
    content[24:28] = header_rate.to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(AudioFileError, match=f"states a sample rate of {header_rate} Hz"):
        open_audio(path)


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_a_name_that_is_not_utf_8_is_read(tmp_path: Path) -> None:
    path = _written(tmp_path, "plain.wav", seconds=1)
    assert list(iter_windows(path.rename(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.wav"))))


def test_a_file_that_may_not_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _written(tmp_path, "private.wav")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AudioFileError, match="Permission denied"):
        open_audio(path)


def test_names_in_any_script_are_read(tmp_path: Path) -> None:
    for name in ("à la carte.wav", "日本の笛.wav", "e\u0301tude.flac"):
        assert list(iter_windows(_written(tmp_path, name, seconds=1)))
