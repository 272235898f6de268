"""Every format that phones, browsers, recorders and DAWs write is read whole, by one decoder."""

import os
import socket
import struct
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import encoded
import numpy as np
import pytest
import soundfile
from ogg_pages import with_headers_twice

from timbrescope.models import limits
from timbrescope.models.audio import decode, second_reader
from timbrescope.models.audio.decode import iter_windows, open_audio, read_mono
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ

RATE_HZ = 22_050


@pytest.fixture
def inputs(shared_audio: Path) -> Path:
    """Give the folder of awkward files that users sent."""
    found = shared_audio.parent / "inputs"
    if not found.is_dir():
        pytest.skip(f"awkward files not found at {found}")
    return found


def _read(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    with open_audio(path) as audio:
        samples = np.concatenate(list(audio.samples()))
        return samples, audio.notes


@pytest.mark.parametrize("suffix", encoded.ENCODERS)
def test_every_format_is_read_whole(tmp_path: Path, suffix: str) -> None:
    samples, notes = _read(encoded.write(tmp_path / f"tune.{suffix}", seconds=4.0))
    assert len(samples) / SAMPLE_RATE_HZ == pytest.approx(4.0, abs=0.06)
    assert notes == ()
    expected = np.sqrt(np.mean(encoded.tune(4.0, RATE_HZ) ** 2))
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize(
    ("name", "seconds", "words"),
    [
        ("05_album_art_no_info_tag.mp3", 3.06, ()),
        ("06_vbr_no_xing.mp3", 3.06, ()),
        ("07_vbr_no_xing_quiet_start.mp3", 9.07, ()),
        ("08_two_joined.mp3", 6.09, ()),
        ("10_id3v1_at_end.flac", 3.2, ("an ID3v1 tag",)),
        ("11_riff_size_44_too_big.wav", 3.0, ("44 bytes more",)),
        ("12_power_loss_sizes_zero.wav", 3.0, ("states no length",)),
        ("22_phone.m4a", 3.0, ()),
        ("23_browser.webm", 3.0, ()),
        ("26_alac.caf", 3.0, ()),
        ("20_mac_usb_stick/take.mp3", 3.0, ()),
        ("21_folder/take.caf", 3.0, ()),
        ("21_folder/take.w64", 3.0, ()),
        ("21_folder/voice.opus", 3.0, ()),
    ],
)
def test_files_that_users_sent(
    inputs: Path, name: str, seconds: float, words: tuple[str, ...]
) -> None:
    samples, notes = _read(inputs / name)
    assert len(samples) / SAMPLE_RATE_HZ == pytest.approx(seconds, abs=0.03)
    assert len(notes) == len(words)
    assert all(word in note for word, note in zip(words, notes, strict=True))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mem_1024ch_8bit_2MHz.wav", "sample rate of 2000000 Hz"),
        ("slow_1Hz_20kB.wav", "sample rate of 1 Hz"),
        ("20_mac_usb_stick/._take.mp3", "not an audio file"),
    ],
)
def test_files_that_claim_the_impossible_are_refused(inputs: Path, name: str, words: str) -> None:
    with pytest.raises(AudioFileError, match=words):
        _read(inputs / name)


def _wav_header(*, data_bytes: int, rate_hz: int = RATE_HZ, channels: int = 1) -> bytes:
    align = 2 * channels
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * align % 2**32, align % 2**16, 16)
    riff = struct.pack("<4sI4s4sI", b"RIFF", (data_bytes + 36) % 2**32, b"WAVE", b"fmt ", 16)
    return riff + form + struct.pack("<4sI", b"data", data_bytes % 2**32)


def test_a_wav_of_more_than_4_gib_is_read_to_its_end(tmp_path: Path) -> None:
    # As a recorder leaves it: sizes of 32 bits that began again at zero. A sparse file.
    seconds = 3 * 60 * 60
    rate_hz, channels = 96_000, 4
    data_bytes = seconds * rate_hz * channels * 2
    path = tmp_path / "concert.wav"
    with path.open("wb") as file:
        file.write(_wav_header(data_bytes=data_bytes, rate_hz=rate_hz, channels=channels))
        file.seek(44 + data_bytes - 4)
        file.write(b"\x10\0\x10\0LIST\x04\0\0\0abcd")
    with open_audio(path) as audio:
        assert audio.duration_s == pytest.approx(seconds)
        first = next(audio.blocks())
        assert first.shape == (rate_hz, channels)
        assert "longer than its header can count" in audio.notes[0]


def test_behind_4_gib_the_sound_ends_where_its_size_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timbrescope.models.audio.headers._WRAP_BYTES", 1 << 17)
    tune = encoded.tune(4.0, RATE_HZ)
    content = (tune * 32_767).astype("<i2").tobytes()
    path = tmp_path / "wrapped.wav"
    header = _wav_header(data_bytes=len(content) % (1 << 17))
    path.write_bytes(header + content + b"LIST\x40\0\0\0" + bytes([127]) * 64)
    samples, notes = _read(path)
    assert len(samples) == pytest.approx(len(tune), abs=64)
    assert len(notes) == 1


def test_a_file_that_was_reserved_on_disk_ends_with_its_sound(tmp_path: Path) -> None:
    path = tmp_path / "reserved.wav"
    soundfile.write(path, encoded.tune(2.0, RATE_HZ), RATE_HZ)
    with path.open("ab") as file:
        file.truncate(2**33)
    # Read as an absurd wrap, silence would go on for a day; a wrap has sound at its end.
    samples, _ = _read(path)
    assert len(samples) == 2 * RATE_HZ


def test_a_header_without_end_is_refused(tmp_path: Path) -> None:
    for start in (b"RIFF\0\0\0\0WAVE", b"FORM\0\0\0\0AIFF", b"caff\0\1\0\0"):
        path = tmp_path / "endless.wav"
        path.write_bytes(start)
        os.truncate(path, 2**31)
        with pytest.raises(AudioFileError, match="not an audio file"):
            _read(path)


def test_chained_streams_are_read_to_the_last(tmp_path: Path) -> None:
    for suffix in ("ogg", "opus"):
        part = tmp_path / f"part.{suffix}"
        if suffix == "ogg":
            soundfile.write(part, encoded.tune(2.0, 44_100), 44_100)
        else:
            encoded.write(part, seconds=2.0)
        chained = tmp_path / f"chained.{suffix}"
        chained.write_bytes(3 * part.read_bytes())
        samples, _ = _read(chained)
        assert len(samples) / SAMPLE_RATE_HZ == pytest.approx(6.0, abs=0.1), suffix


def test_a_damaged_stretch_is_silence_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "scratched.flac"
    noise = 0.1 * np.random.default_rng(5).standard_normal(10 * RATE_HZ)
    soundfile.write(path, noise, RATE_HZ)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + len(content) // 5] = bytes(len(content) // 5)
    path.write_bytes(content)
    samples, notes = _read(path)
    assert len(samples) / SAMPLE_RATE_HZ == pytest.approx(10.0, abs=0.01)
    assert not samples[int(5.4 * RATE_HZ) : int(6.6 * RATE_HZ)].any()
    assert samples[: 4 * RATE_HZ].std() == pytest.approx(0.1, rel=0.02)
    assert samples[8 * RATE_HZ :].std() == pytest.approx(0.1, rel=0.02)
    assert "count as silence" in notes[0]


def test_a_wav_called_raw_is_a_wav(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, encoded.tune(1.0, RATE_HZ), RATE_HZ)
    assert len(read_mono(path.rename(tmp_path / "take.raw"))) == RATE_HZ


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_is_no_file_is_said_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    with pytest.raises(AudioFileError, match=r"is a pipe, not a file.*classify -"):
        open_audio(pipe)
    with pytest.raises(AudioFileError, match="is a device or socket, not a file"):
        open_audio(Path(os.devnull))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.wav"))
        with pytest.raises(AudioFileError, match="is a device or socket"):
            open_audio(tmp_path / "s.wav")


def test_names_that_no_system_can_hold_are_errors() -> None:
    for name in ("a\0b.wav", "x" * 5_000):
        with pytest.raises(AudioFileError, match="cannot read"):
            open_audio(Path(name))


def test_a_file_that_shrinks_while_it_is_read_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "shrinking.wav"
    soundfile.write(path, encoded.tune(60.0, RATE_HZ), RATE_HZ)
    windows = iter_windows(path)
    next(windows)
    os.truncate(path, 400_000)
    with pytest.raises(AudioFileError, match="became shorter while it was read"):
        list(windows)


def test_a_file_that_vanishes_is_read_or_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "vanishing.wav"
    soundfile.write(path, encoded.tune(20.0, RATE_HZ), RATE_HZ)
    windows = iter_windows(path)
    next(windows)
    path.unlink()
    assert list(windows)
    with pytest.raises(AudioFileError, match="No such file"):
        open_audio(path)


def test_a_read_error_of_the_system_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "share.wav"
    soundfile.write(path, encoded.tune(60.0, RATE_HZ), RATE_HZ)

    opened = path.open("rb")

    class Dying:
        def __init__(self) -> None:
            self._file = opened
            self._reads = 0

        def read(self, size: int = -1) -> bytes:
            self._reads += 1
            if self._reads > 12:
                raise OSError(5, "Input/output error")
            return self._file.read(size)

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

    monkeypatch.setattr(Path, "open", lambda *_, **__: Dying())
    with pytest.raises(AudioFileError, match="Input/output error"):
        list(iter_windows(path))


@pytest.mark.parametrize("channels", [65, 1_024])
def test_more_channels_than_any_desk_has_cost_no_memory(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "many.wav"
    path.write_bytes(_wav_header(data_bytes=2**31, channels=channels) + bytes(2_000))
    tracemalloc.start()
    try:
        with pytest.raises(AudioFileError):
            _read(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_all_channels_that_are_allowed_are_read(tmp_path: Path) -> None:
    path = tmp_path / "desk.wav"
    samples = np.zeros((RATE_HZ, limits.CHANNELS), np.float32)
    samples[:, 40] = encoded.tune(1.0, RATE_HZ)
    soundfile.write(path, samples, RATE_HZ, subtype="FLOAT")
    found = read_mono(path)
    assert len(found) == RATE_HZ
    assert found.std() == pytest.approx(samples[:, 40].std(), rel=0.02)


def test_seconds_are_bounded_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "silence.flac"
    soundfile.write(path, np.zeros(4_000 * 600, np.int16), 4_000)
    monkeypatch.setattr(limits, "LEAST_BYTES_PER_S", path.stat().st_size / 100)
    with pytest.raises(AudioFileError, match="which no recording does"):
        _read(path)


def test_sound_in_pieces_of_one_sample_is_refused(tmp_path: Path) -> None:
    path = encoded.write(tmp_path / "pieces.caf", seconds=1.0)
    content = bytearray(path.read_bytes())
    # Frames a packet: a number that no packet holds.
    content[40:44] = (0x5E00_0001).to_bytes(4, "big")
    path.write_bytes(content)
    with pytest.raises(AudioFileError, match=r"in pieces of 1\.0 samples"):
        _read(path)


def test_memory_that_is_lacking_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tune.wav"
    soundfile.write(path, encoded.tune(1.0, RATE_HZ), RATE_HZ)

    def blocks(*_: object, **__: object) -> Iterator[object]:
        raise MemoryError

    monkeypatch.setattr(decode.BlockReader, "blocks", blocks)
    with pytest.raises(AudioFileError, match="more memory than there is"):
        _read(path)


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n",
        "ffconcat version 1.0\nfile secret.wav\n",
        "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
    ],
)
def test_a_file_that_names_other_files_opens_none(tmp_path: Path, text: str) -> None:
    soundfile.write(tmp_path / "secret.wav", encoded.tune(1.0, RATE_HZ), RATE_HZ)
    for suffix in ("wav", "m3u8", "sdp"):
        path = tmp_path / f"list.{suffix}"
        path.write_text(text)
        with pytest.raises(AudioFileError, match="not an audio file"):
            open_audio(path)


def test_files_are_read_from_two_threads_at_once(tmp_path: Path) -> None:
    path = encoded.write(tmp_path / "tune.m4a", seconds=5.0)
    expected = read_mono(path)
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(read_mono(path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(each, expected) for each in found)
    assert len(found) == 4


@pytest.fixture
def headers_twice(tmp_path: Path) -> Path:
    """Give an Ogg Vorbis file whose headers stand twice, as some taggers leave them."""
    plain = tmp_path / "plain.ogg"
    soundfile.write(plain, encoded.tune(2.0, RATE_HZ), RATE_HZ, format="OGG", subtype="VORBIS")
    made = tmp_path / "twice.ogg"
    made.write_bytes(with_headers_twice(plain.read_bytes()))
    return made


def test_an_ogg_file_whose_headers_come_twice_is_read_whole(headers_twice: Path) -> None:
    samples, notes = _read(headers_twice)
    plain, _ = _read(headers_twice.with_name("plain.ogg"))
    # FFmpeg does not cut what fills the last packet.
    np.testing.assert_allclose(samples, plain[: len(samples)], atol=1e-3)
    assert len(samples) == 2 * SAMPLE_RATE_HZ
    assert notes == (second_reader.NOTE,)


def test_an_ogg_file_that_takes_too_much_room_is_refused(
    headers_twice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "READ_AGAIN_BYTES", 1_000)
    with pytest.raises(AudioFileError, match=r"twice.ogg is not an audio file"):
        open_audio(headers_twice)


def test_what_only_looks_like_an_ogg_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.ogg"
    path.write_bytes(b"OggS" + bytes(2_000))
    with pytest.raises(AudioFileError, match=r"note.ogg is not an audio file"):
        open_audio(path)
