"""Files that users sent: each with the answer that it must get, whatever wrote it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.desktop.engine.classify_file import classify_file
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.models.analysis import State
from timbrescope.models.classifier import Classifier
from timbrescope.models.instruments import NAMES


@dataclass(frozen=True)
class Heard:
    inputs: Path
    classifier: Classifier

    def answer(self, name: str) -> FileResult:
        return classify_file(self.inputs / name, classifier=self.classifier)


def _best(result: FileResult) -> str:
    """Return the likeliest instrument, claimed or not."""
    return NAMES[int(result.probabilities.argmax())]


@pytest.fixture(scope="module")
def heard(shared_audio: Path) -> Heard:
    inputs = shared_audio.parent / "inputs"
    if not inputs.is_dir():
        pytest.skip(f"awkward files not found at {inputs}")
    return Heard(inputs, Classifier.load())


# The same trumpet in every file, whole or for a part of it.
TRUMPETS = (
    "01_anti_phase.flac",
    "02_ambix_source_behind.flac",
    "05_album_art_no_info_tag.mp3",
    "06_vbr_no_xing.mp3",
    "07_vbr_no_xing_quiet_start.mp3",
    "08_two_joined.mp3",
    "10_id3v1_at_end.flac",
    "11_riff_size_44_too_big.wav",
    "12_power_loss_sizes_zero.wav",
    "18_eight_tracks_one_played.flac",
    "20_mac_usb_stick/take.mp3",
    "21_folder/take.caf",
    "21_folder/take.w64",
    "21_folder/voice.opus",
    "22_phone.m4a",
    "23_browser.webm",
    "26_alac.caf",
)


@pytest.mark.parametrize("name", TRUMPETS)
def test_a_trumpet_is_a_trumpet_in_any_file(heard: Heard, name: str) -> None:
    assert heard.answer(name).instrument == "Trumpet"


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("01_anti_phase.flac", 0.02),
        ("02_ambix_source_behind.flac", 0.02),
        ("10_id3v1_at_end.flac", 0.02),
        ("11_riff_size_44_too_big.wav", 0.02),
        ("12_power_loss_sizes_zero.wav", 0.02),
        ("18_eight_tracks_one_played.flac", 0.02),
        ("21_folder/take.caf", 0.02),
        ("21_folder/take.w64", 0.02),
        # Codecs that lose something move the answer a little.
        ("05_album_art_no_info_tag.mp3", 0.2),
        ("20_mac_usb_stick/take.mp3", 0.1),
        ("21_folder/voice.opus", 0.1),
        ("22_phone.m4a", 0.1),
        ("23_browser.webm", 0.1),
    ],
)
def test_a_sound_gets_one_answer_in_any_file(heard: Heard, name: str, most: float) -> None:
    result = heard.answer(name)
    assert result.status == "ok", result
    plain = heard.answer("26_alac.caf").probabilities
    assert np.abs(result.probabilities - plain).sum() / 2 < most


@pytest.mark.parametrize(
    "name",
    ["17_piano_dc_3_percent.flac", "17_piano_same_without_dc.flac"],
)
def test_a_piano_is_a_piano_with_and_without_an_offset(heard: Heard, name: str) -> None:
    assert heard.answer(name).instrument == "Piano"


def test_an_empty_room_with_an_offset_is_quiet(heard: Heard) -> None:
    result = heard.answer("16_empty_room_dc_0.2_percent.flac")
    assert result.state is State.QUIET
    # 0.2 % of full scale would be -54 dBFS.
    assert all(window.level_dbfs < -70 for window in result.windows)


def test_an_offset_changes_neither_answer_nor_level(heard: Heard) -> None:
    found = heard.answer("17_piano_dc_3_percent.flac")
    clean = heard.answer("17_piano_same_without_dc.flac")
    assert _best(found) == _best(clean) == "Piano"
    assert found.state == clean.state
    assert found.probability == pytest.approx(clean.probability, abs=0.01)
    for one, other in zip(found.windows, clean.windows, strict=True):
        assert one.level_dbfs == pytest.approx(other.level_dbfs, abs=0.1)


def test_what_was_wrong_stands_in_the_row(heard: Heard) -> None:
    assert "44 bytes more" in heard.answer("11_riff_size_44_too_big.wav").notes[0]
    assert heard.answer("22_phone.m4a").notes == ()


def test_a_file_recorded_low_is_answered_as_the_same_sound_recorded_well(
    heard: Heard, tmp_path: Path
) -> None:
    samples, rate_hz = soundfile.read(heard.inputs / "17_piano_same_without_dc.flac")
    low = tmp_path / "low.wav"
    gain = 10 ** (-55 / 20) / np.abs(samples).max()
    soundfile.write(low, samples * gain, rate_hz, subtype="FLOAT")
    result = classify_file(low, classifier=heard.classifier)
    well = heard.answer("17_piano_same_without_dc.flac")
    assert _best(result) == _best(well) == "Piano"
    assert result.state == well.state
    assert result.probability == pytest.approx(well.probability, abs=0.02)
    assert "recorded very low" in result.notes[0]
