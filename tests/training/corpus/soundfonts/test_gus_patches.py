import struct
from pathlib import Path

import numpy as np
import pytest

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.soundfonts import patches
from timbrescope.training.corpus.soundfonts.patch_files import (
    HEADER,
    PatchSample,
    drums,
    pitched,
    play,
    read_patch,
)
from timbrescope.training.corpus.soundfonts.patches import PATCHED, Patched, store_patched
from timbrescope.training.corpus.soundfonts.voices import Voice
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import PACKAGES
from timbrescope.training.playing.melodies import NoteEvent

RATE_HZ = 44_100
PERIOD = 100
# A4 at its root: 441 Hz.
WAVE = (20_000 * np.sin(2 * np.pi * np.arange(2_000) / PERIOD)).astype("<i2")


def _patch(samples: np.ndarray = WAVE, *, modes: int = 5, loop: tuple[int, int] = (0, 0)) -> bytes:
    width = samples.dtype.itemsize
    head = b"wave\0\0\0\0" + struct.pack(
        "<IIIHIII",
        samples.nbytes,
        loop[0] * width,
        loop[1] * width,
        RATE_HZ,
        8_000,
        8_000_000,
        441_000,
    )
    sample = head.ljust(55, b"\0") + bytes([modes])
    start = HEADER.ljust(198, b"\0") + b"\x01"
    return start.ljust(239, b"\0") + sample.ljust(96, b"\0") + samples.tobytes()


def _written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "a.pat"
    path.write_bytes(content)
    return path


def _peak_hz(line: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(line * np.hanning(line.size), 1 << 17))
    return float(spectrum.argmax() * SAMPLE_RATE_HZ / (1 << 17))


def test_a_recording_is_read_with_its_pitch_and_loop(tmp_path: Path) -> None:
    (sample,) = read_patch(_written(tmp_path, _patch(loop=(500, 1_500))))
    assert sample.samples.size == 2_000
    assert sample.samples.max() == pytest.approx(20_000 / 32_768, abs=1e-3)
    assert (sample.rate_hz, sample.root_hz, sample.loop) == (44_100, 441.0, (500, 1_500))


@pytest.mark.parametrize(
    ("samples", "modes"),
    [
        ((WAVE.astype(int) + 32_768).astype("<u2"), 3),
        ((WAVE // 256).astype("i1"), 0),
        ((WAVE // 256 + 128).astype("u1"), 2),
    ],
)
def test_every_sample_format_gives_the_same_wave(
    tmp_path: Path, samples: np.ndarray, modes: int
) -> None:
    (sample,) = read_patch(_written(tmp_path, _patch(samples, modes=modes)))
    assert sample.loop is None
    assert np.allclose(sample.samples, WAVE / 32_768, atol=0.01)


def test_a_loop_back_and_forth_is_unrolled(tmp_path: Path) -> None:
    (sample,) = read_patch(_written(tmp_path, _patch(modes=13, loop=(500, 1_500))))
    assert sample.loop == (500, 2_500)
    assert np.array_equal(sample.samples[1_500:2_500], sample.samples[500:1_500][::-1])


def test_what_is_no_patch_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no Ultrasound patch"):
        read_patch(_written(tmp_path, b"RIFF"))
    with pytest.raises(PackageError, match="ends within a recording"):
        read_patch(_written(tmp_path, _patch()[:400]))


def test_keys_sound_at_their_pitch_for_as_long_as_they_are_held(tmp_path: Path) -> None:
    patch = read_patch(_written(tmp_path, _patch(loop=(500, 1_500))))
    line = play(pitched(patch), [NoteEvent(0.0, 0.5, 81, 127)], length_s=1.0, hold="sustained")
    assert line.size == SAMPLE_RATE_HZ
    assert _peak_hz(line[: SAMPLE_RATE_HZ // 2]) == pytest.approx(880, rel=0.005)
    assert not line[int(0.65 * SAMPLE_RATE_HZ) :].any()


def test_a_decaying_note_is_not_looped(tmp_path: Path) -> None:
    patch = read_patch(_written(tmp_path, _patch(loop=(500, 1_500))))
    line = play(pitched(patch), [NoteEvent(0.0, 0.5, 69, 127)], length_s=1.0, hold="decaying")
    assert not line[int(0.05 * SAMPLE_RATE_HZ) :].any()


def test_the_recording_nearest_to_a_key_is_taken() -> None:
    def sample(low_hz: float, high_hz: float) -> PatchSample:
        return PatchSample(np.zeros(4, np.float32), 44_100, low_hz, low_hz, high_hz, None)

    low, high = sample(100, 300), sample(300, 900)
    assert pitched([low, high])(60)[0] is low
    assert pitched([low, high])(69)[0] is high
    assert pitched([low, high])(127)[0] is high


def test_a_kit_strikes_each_key_as_it_was_recorded(tmp_path: Path) -> None:
    patch = read_patch(_written(tmp_path, _patch()))
    line = play(drums({56: patch}), [NoteEvent(0.9, 0.2, 56, 127)], length_s=1.0, hold="struck")
    assert _peak_hz(line[int(0.9 * SAMPLE_RATE_HZ) :]) == pytest.approx(441, rel=0.05)


def test_phrases_of_a_patch_are_listed(tmp_path: Path) -> None:
    place = tmp_path / "package" / patches.PATCHES_FOLDER / "Tone_000"
    place.mkdir(parents=True)
    (place / "073_Flute.pat").write_bytes(_patch(loop=(500, 1_500)))
    wanted = Patched("Flute", ("Tone_000/073_*.pat",), Voice(0, 73, "wind", 60, 90), "sustained", 2)
    package = next(p for p in PACKAGES if p.name == patches.PACKAGE)
    folder = tmp_path / "package"
    rows = store_patched(wanted, package, folder=folder, target=tmp_path / "target", seed=1)
    assert [(row["instrument"], row["group"]) for row in rows] == [("Flute", "freepats:Flute")] * 2
    (place / "073_Flute.pat").unlink()
    with pytest.raises(PackageError, match="0 files"):
        store_patched(wanted, package, folder=folder, target=tmp_path / "target", seed=1)


def test_every_patched_instrument_has_a_folder_of_its_own() -> None:
    assert len({(wanted.what, wanted.files[0]) for wanted in PATCHED}) == len(PATCHED)
