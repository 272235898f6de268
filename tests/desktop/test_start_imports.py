"""What is loaded when a command or the window starts: nothing that it does not need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Nothing of ours needs these, and some of the packages below bring them along.
NEVER = ("scipy.signal", "scipy.stats", "scipy.optimize", "scipy.interpolate", "tensorflow")
# Each is needed once something is heard, opened, sent or written: the window is drawn before.
LATER = (
    "scipy",
    "onnxruntime",
    "av",
    "soundfile",
    "soxr",
    "sounddevice",
    "pulsectl",
    "pythonosc",
    "asyncio",
    "multiprocessing",
    "email",
    "PySide6.QtSvg",
)
WINDOW = """
import sys
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.views import application

def begin(engine):
    if not loaded:
        loaded.extend(sys.modules)
        shown.append(window.live_view.answer.answer.headline)
        shown.append(window.isVisible())
    begin_really(engine)

loaded, shown = [], []
begin_really, LiveEngine.begin = LiveEngine.begin, begin
running = application.make_application()
window = application.make_window(application.Settings(), device=None, demo=True)
window.show()
while not loaded:
    running.processEvents()
window.close()
print(*shown, *loaded, sep="\\n")
"""


def _printed_by(program: str, home: Path) -> str:
    places = {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | places | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def _of(names: tuple[str, ...], loaded: set[str]) -> list[str]:
    return [name for name in names if name in loaded]


def test_the_window_is_painted_before_sound_and_models_are_loaded(tmp_path: Path) -> None:
    headline, is_visible, *loaded = _printed_by(WINDOW, tmp_path).splitlines()
    # What is painted first says how things are.
    assert (headline, is_visible) == ("Starting", "True")
    assert _of((*NEVER, *LATER), set(loaded)) == []
    assert "numpy" in loaded


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["classify", "--help"]])
def test_help_loads_neither_numbers_nor_qt(arguments: list[str], tmp_path: Path) -> None:
    program = f"""
import sys
from timbrescope.desktop.cli import main
try:
    main({arguments!r})
except SystemExit:
    print("", *sys.modules, sep="\\n")
"""
    loaded = set(_printed_by(program, tmp_path).splitlines())
    assert "timbrescope.desktop.cli" in loaded
    assert _of((*NEVER, *LATER, "numpy", "PySide6"), loaded) == []


def test_the_list_of_devices_loads_neither_models_nor_files_nor_qt(tmp_path: Path) -> None:
    program = """
import sys
from timbrescope.desktop.cli import main
main(["devices"])
print("", *sys.modules, sep="\\n")
"""
    loaded = set(_printed_by(program, tmp_path).splitlines())
    assert "timbrescope.desktop.audio.devices" in loaded
    later = tuple(name for name in LATER if name not in ("sounddevice", "pulsectl", "asyncio"))
    assert _of((*NEVER, *later, "PySide6"), loaded) == []
