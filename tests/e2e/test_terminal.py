"""The live path without a window: what a player hears back in a terminal."""

import subprocess
import sys
from pathlib import Path

import pytest
from rig import Home, VirtualMicrophone, clean_environment

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


def _timbrescope(*arguments: str, stage: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "timbrescope", *arguments],
        env=clean_environment() | stage,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_microphone_is_heard_and_verdicts_are_printed(
    virtual_microphone: VirtualMicrophone,
) -> None:
    demo = Path(__file__).parents[2] / "desktop" / "demo" / "violin.ogg"
    program = _timbrescope(
        "live", "--terminal", "--seconds", "12", stage=virtual_microphone.environment()
    )
    virtual_microphone.wait_for_listener()
    virtual_microphone.play(demo)
    out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    verdicts = [line for line in out.splitlines() if "dBFS" in line]
    assert len(verdicts) >= 2
    assert any("quiet" not in line and "no signal" not in line for line in verdicts)


def test_without_a_display_the_terminal_answers_and_the_demo_plays(rig_home: Home) -> None:
    stage = rig_home.environment()
    program = _timbrescope("--demo", stage=stage)
    try:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(3)]
    finally:
        program.terminate()
        program.wait(15)
    assert "No display" in lines[0]
    assert "Demo clips" in lines[1]
    assert "dBFS" in lines[2]
