"""What starting costs: the window until it is drawn and until it answers, and the command line.

Every start has settings of its own, as the first one on a machine, but files are in memory.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from rig import (
    Home,
    VirtualScreen,
    clean_environment,
    missing_for_screen,
    stop_process,
)

from timbrescope.desktop.audio.demo import demo_clip

HERE = Path(__file__).parent
DEADLINE_S = 120.0
# As the program sets it for itself, before NumPy is loaded.
_AS_PROGRAM = {"OPENBLAS_NUM_THREADS": "1"}
WINDOW = {
    "drawn_s": "window drawn after, s",
    "drawn_cpu_s": "window drawn after, s of processor",
    "answered_s": "first answer to the demo after, s",
    "answered_cpu_s": "first answer to the demo after, s of processor",
}
COMMANDS = {
    "help": ["--help"],
    "devices": ["devices"],
    "classify a file of 3 s": ["classify", str(demo_clip("violin"))],
}


def starts(*, count: int) -> dict[str, float]:
    """Return medians, and the least of what the computer's other work adds to."""
    found: dict[str, list[float]] = {}
    if reason := missing_for_screen():
        print(f"no window: {reason}")
    # In turns, so that a computer that gets slower is so for all of them.
    for _ in range(count):
        if not reason:
            for key, value in window_start([sys.executable]).items():
                found.setdefault(WINDOW[key], []).append(value)
        for name, arguments in COMMANDS.items():
            key = f"timbrescope, {name}, s of processor"
            found.setdefault(key, []).append(command_cpu_s(arguments))
    figures = {}
    for name, values in found.items():
        figures[f"{name} (median)"] = median(values)
        figures[f"{name} (least)"] = min(values)
    return figures


def window_start(python: Sequence[str]) -> dict[str, float]:
    """Start the window once on a screen of its own, with a window manager where there is one."""
    home = Home()
    try:
        with VirtualScreen(home) as screen:
            places = clean_environment() | screen.environment() | _AS_PROGRAM
            manager = _window_manager(places)
            try:
                done = subprocess.run(
                    [*python, str(HERE / "started_window.py"), str(time.time())],
                    env=places,
                    capture_output=True,
                    text=True,
                    timeout=DEADLINE_S,
                    check=True,
                )
            finally:
                if manager is not None:
                    stop_process(manager)
    finally:
        home.remove()
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _window_manager(environment: Mapping[str, str]) -> "subprocess.Popen[bytes] | None":
    if shutil.which("openbox") is None:
        return None
    manager = subprocess.Popen(
        ["openbox"],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # It has nothing to do but to start.
    time.sleep(1.0)
    return manager


def command_cpu_s(arguments: Sequence[str]) -> float:
    """Return the processor time that a command takes, its own processes included."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "timbrescope", *arguments],
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=DEADLINE_S,
        check=False,
    )
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])
