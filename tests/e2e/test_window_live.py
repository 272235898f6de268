"""The real window with a virtual microphone: real recordings become answers with evidence."""

import csv
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from desk import Window, open_window
from rig import Home, VirtualMicrophone, VirtualScreen, clean_environment

from timbrescope.desktop.views.answers.wording import NO_EVIDENCE
from timbrescope.models.artefact import read_sidecar, sidecar_path
from timbrescope.models.catalogue import CATALOGUE, model_path

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(150)]

STATES = {"No signal", "Quiet", "Listening", "Not sure"}
SILENT_BLOCKS = ("no signal", "quiet")


@pytest.fixture
def window(rig_home: Home, stage: dict[str, str]) -> Iterator[Window]:
    opened = open_window(rig_home, stage)
    yield opened
    opened.stop()


def _dev_recording(shared_audio: Path, instrument: str) -> Path:
    """Return the longest recording of an instrument in the dev split, up to 12 s."""
    with (shared_audio / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["instrument"] == instrument and row["split"] == "dev"
            if 3 < float(row["seconds"]) <= 12
        ]
    assert rows, f"no dev recording of {instrument}"
    return shared_audio / max(rows, key=lambda row: float(row["seconds"]))["path"]


def _warm(picture: np.ndarray) -> int:
    red, blue = picture[..., 0].astype(int), picture[..., 2].astype(int)
    return int((red > blue + 40).sum())


def _cool(picture: np.ndarray) -> int:
    red, blue = picture[..., 0].astype(int), picture[..., 2].astype(int)
    return int((blue > red + 40).sum())


def test_a_real_violin_becomes_sound_spectrogram_overlay_and_verdict(
    window: Window,
    virtual_microphone: VirtualMicrophone,
    shared_audio: Path,
    tmp_path: Path,
) -> None:
    virtual_microphone.wait_for_listener()
    window.until(lambda shown: shown["headline"] in STATES, what="an answer to silence")
    before = window.grab(tmp_path / "before.png")
    virtual_microphone.play(_dev_recording(shared_audio, "Violin"))
    window.until(
        lambda shown: shown["explained"] and shown["headline"] not in {"No signal", "Quiet"},
        what="the violin's first preview with evidence",
    )
    verdict = window.until(
        lambda shown: (
            shown["blocks"] and not any(each in shown["last_block"] for each in SILENT_BLOCKS)
        ),
        what="a verdict on the sound",
    )
    during = window.grab(tmp_path / "during.png")
    assert verdict["banner"] == ""
    # The picture has gained sound (cool) and evidence (warm) by thousands of pixels.
    assert _cool(during) > _cool(before) + 5_000
    assert _warm(during) > _warm(before) + 2_000
    assert window.close() == 0


def test_all_models_answer_side_by_side_to_a_real_violin(
    window: Window,
    virtual_microphone: VirtualMicrophone,
    shared_audio: Path,
    tmp_path: Path,
) -> None:
    virtual_microphone.wait_for_listener()
    window.send(compare=True)
    window.until(lambda shown: shown["compared"], what="the rows of the comparison")
    virtual_microphone.play(_dev_recording(shared_audio, "Violin"))

    def answers(shown: dict[str, Any]) -> list[str]:
        return [line for line in shown["compared"] if line.rstrip().endswith("%")]

    shown = window.until(lambda shown: len(answers(shown)) >= 2, what="the models' answers")
    assert len(shown["compared"]) == len(CATALOGUE)
    assert shown["model"] == CATALOGUE[0].title
    with_rows = window.grab(tmp_path / "with.png")
    window.send(compare=False)
    window.until(lambda shown: not shown["compared"], what="the comparison hidden")
    assert not np.array_equal(with_rows, window.grab(tmp_path / "without.png"))
    # A file's window is put to the same models.
    window.send(compare=True, drop=[str(_dev_recording(shared_audio, "Violin"))])
    window.until(
        lambda shown: sum(line.endswith("%") for line in shown["file_compared"]) >= 2,
        what="the models' answers to the file's window",
    )
    assert window.close() == 0


def test_a_model_of_ones_own_answers_without_evidence_and_a_bad_one_is_refused(
    window: Window,
    virtual_microphone: VirtualMicrophone,
    shared_audio: Path,
    tmp_path: Path,
) -> None:
    shipped, own = model_path("random-forest"), tmp_path / "own.onnx"
    for source, target in ((shipped, own), (sidecar_path(shipped), sidecar_path(own))):
        shutil.copy(source, target)
    name = read_sidecar(sidecar_path(own)).name
    virtual_microphone.wait_for_listener()
    window.send(open_model=str(own))
    window.until(lambda shown: shown["model"] == name, what="the own model in the list")
    virtual_microphone.play(_dev_recording(shared_audio, "Violin"))
    window.until(
        lambda shown: shown["note"] == NO_EVIDENCE and shown["headline"] not in {"Quiet", ""},
        what="its answer, with a word about the evidence",
    )
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(own.read_bytes()[:-1])
    shutil.copy(sidecar_path(own), sidecar_path(bad))
    window.send(open_model=str(bad))
    shown = window.until(lambda shown: shown["model_banner"], what="why it was refused")
    assert "bad.onnx was changed" in shown["model_banner"]
    assert shown["model"] == name
    assert window.close() == 0


def test_files_dropped_on_the_window_become_rows_with_evidence(
    window: Window, shared_audio: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF\xff\x00\x00\x00WAVEnothing")
    violin = _dev_recording(shared_audio, "Violin")
    window.send(drop=[str(violin), str(broken)])
    shown = window.until(
        lambda shown: (
            len(shown["files"]) == 2
            and not any(row["words"].startswith(("Waiting", "Listening")) for row in shown["files"])
        ),
        what="both files' rows",
    )
    rows = {row["name"]: row for row in shown["files"]}
    assert rows["broken.wav"]["error"]
    assert not rows[violin.name]["error"]
    window.send(select=[row["name"] for row in shown["files"]].index(violin.name))
    window.until(lambda shown: shown["file_explained"] > 0, what="the file's evidence")


def test_a_microphone_that_is_unplugged_is_told_and_comes_back(
    window: Window, virtual_microphone: VirtualMicrophone, shared_audio: Path
) -> None:
    virtual_microphone.wait_for_listener()
    virtual_microphone.play(_dev_recording(shared_audio, "Violin"))
    window.until(lambda shown: shown["explained"], what="evidence")
    virtual_microphone.crash()
    window.until(lambda shown: shown["banner"], what="the banner about the lost device")
    virtual_microphone.start()
    virtual_microphone.wait_for_listener(30)
    virtual_microphone.play(_dev_recording(shared_audio, "Violin"))
    window.until(
        lambda shown: not shown["banner"] and shown["headline"] not in {"No signal", "Quiet"},
        what="sound after the device returned",
    )
    assert window.close() == 0


def test_without_any_microphone_the_window_opens_says_so_and_plays_the_demo(
    rig_home: Home, virtual_screen: VirtualScreen
) -> None:
    stage = virtual_screen.environment() | rig_home.environment()
    devices = subprocess.run(
        [sys.executable, "-m", "timbrescope", "devices"],
        env=clean_environment() | stage,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if devices.returncode == 0:
        pytest.skip("this machine has a sound card of its own")
    opened = open_window(rig_home, stage)
    try:
        opened.until(lambda shown: "no input device" in shown["banner"].lower(), what="the banner")
    finally:
        opened.stop()
    playing = open_window(rig_home, stage, "--demo")
    try:
        playing.until(lambda shown: shown["explained"], what="evidence for the demo")
        playing.until(lambda shown: shown["blocks"] >= 1, what="a verdict on the demo")
    finally:
        playing.stop()
