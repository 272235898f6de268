"""The product as a whole: delays through a virtual microphone, processor time of the window."""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
from rig import (
    Home,
    VirtualMicrophone,
    VirtualScreen,
    clean_environment,
    missing_for_microphone,
    missing_for_screen,
    start_program,
    stop_process,
)

from timbrescope.desktop.audio.demo import demo_clip
from timbrescope.models.instruments import NAMES

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
SETTLING_S = 10.0


def recordings(count: int) -> list[tuple[str, str]]:
    """Return dev recordings of as many instruments as possible, or the demo's without them."""
    root = Path(os.environ.get("TIMBRESCOPE_SHARED", REPOSITORY.parent / "shared")) / "audio"
    if not (root / "manifest.csv").is_file():
        clips = [("violin", "Violin"), ("flute", "Flute"), ("piano", "Piano")]
        return [(str(demo_clip(name)), instrument) for name, instrument in clips][:count]
    with (root / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["split"] == "dev" and row["instrument"] in NAMES and float(row["seconds"]) > 3
        ]
    # In turn one of each instrument, so that a few files hold many instruments.
    turns: dict[str, int] = {}
    keyed = []
    for row in rows:
        turns[row["instrument"]] = turns.get(row["instrument"], 0) + 1
        keyed.append((turns[row["instrument"]], row["instrument"], row["path"]))
    return [(str(root / path), instrument) for _, instrument, path in sorted(keyed)[:count]]


def delays(*, count: int) -> dict[str, float]:
    """Measure the delays of a first note; empty, with a word, where there is no sound server."""
    if reason := missing_for_microphone():
        print(f"no delays: {reason}")
        return {}
    home = Home()
    wanted = recordings(count)
    try:
        with VirtualMicrophone(home) as microphone:
            done = subprocess.run(
                [sys.executable, str(HERE / "latency.py")],
                input=json.dumps(wanted),
                env=clean_environment() | microphone.environment(),
                capture_output=True,
                text=True,
                check=False,
                timeout=60 + 30 * len(wanted),
            )
    finally:
        home.remove()
    if done.returncode != 0:
        raise RuntimeError(f"the delays could not be measured:\n{done.stderr}")
    return summary([json.loads(line) for line in done.stdout.splitlines()])


def summary(found: list[dict[str, float | None]]) -> dict[str, float]:
    """Return medians and 95th percentiles; what never came is counted, and left out of them."""
    figures: dict[str, float] = {"recordings played": float(len(found))}
    for key, name in (
        ("first_preview_ms", "first note to first preview"),
        ("right_answer_ms", "first note to first right answer"),
    ):
        delays_ms = [each for record in found if (each := record[key]) is not None]
        figures[f"{name}, share that came"] = len(delays_ms) / max(1, len(found))
        if delays_ms:
            figures[f"{name}, median ms"] = median(delays_ms)
            figures[f"{name}, p95 ms"] = float(np.percentile(delays_ms, 95))
    return figures


def window_cost(*, seconds: float) -> dict[str, float]:
    """Measure the processor time of the window, in per cent of a core."""
    if reason := missing_for_screen():
        print(f"no window: {reason}")
        return {}
    figures = {}
    for way in ("shown", "hidden"):
        home = Home()
        try:
            with VirtualScreen(home) as screen:
                program = start_program(
                    [str(HERE / "idle_window.py"), str(home.folder / "settings.ini"), way],
                    screen.environment(),
                    log=home.folder / "window.log",
                )
                try:
                    time.sleep(SETTLING_S)
                    before_s = processor_s(program.pid)
                    time.sleep(seconds)
                    spent_s = processor_s(program.pid) - before_s
                finally:
                    stop_process(program)
        finally:
            home.remove()
        figures[f"window {way}, % of a core"] = 100 * spent_s / seconds
    return figures


def processor_s(pid: int) -> float:
    """Return the processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
