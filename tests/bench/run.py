"""What the product costs, and beside the paper's way: ``make bench ARGS="--json FILE"``.

``--check`` fails if a ratio to the paper's way is more than 30 % below that of ``figures.json``,
which ``--json tests/bench/figures.json`` writes anew. ``--short`` tries the parts in a minute or
two; its figures mean little.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import beside_paper
import product
import start

FIGURES = Path(__file__).with_name("figures.json")
LOWEST_SHARE = 0.7
RATIO = "times the paper's way"


@dataclass(frozen=True)
class Goal:
    """What a figure has to be at least, or at most."""

    limit: float
    at_least: bool

    def met_by(self, value: float) -> bool:
        """Return whether the goal is met."""
        return value >= self.limit if self.at_least else value < self.limit

    def said_of(self, value: float) -> str:
        """Return whether it is met, and what it is."""
        words = f"{'at least' if self.at_least else 'below'} {self.limit:g}"
        return f"{'met' if self.met_by(value) else 'MISSED'}: {words}"


# Printed before the figures.
MEASURED = """\
Starts: the program as it is installed, on a screen of its own, its files in memory, in turns; the
window's is over once its first picture lies on the screen. First notes go through a virtual
microphone into a process that listens, without a window. The window is a process of its own, asked
from outside. Files and live steps: processor time of all threads, each way in a process of its own
that holds nothing of the others, in turns; medians of what comes after each way has answered twice.
"""

GOALS = {
    "window drawn after, s (median)": Goal(2.0, at_least=False),
    "first note to first preview, p95 ms": Goal(500.0, at_least=False),
    "window shown, % of a core": Goal(35.0, at_least=False),
    "window hidden, % of a core": Goal(12.0, at_least=False),
    # Like with like: the paper's own network, both ways of asking it.
    f"live step (mel, the paper's network; model.predict, then Grad-CAM), {RATIO}": Goal(
        20.0, at_least=True
    ),
    f"live step (mel, the paper's network; model called, then Grad-CAM), {RATIO}": Goal(
        20.0, at_least=True
    ),
    "files (flagship), times real time on 1 core": Goal(300.0, at_least=True),
}


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    recordings: int
    window_s: float
    file_s: float
    steps: int
    starts: int


FULL, SHORT = Size(20, 30.0, 120.0, 40, 9), Size(2, 5.0, 15.0, 5, 1)


def parts(size: Size) -> dict[str, Callable[[], dict[str, float]]]:
    """Return what can be measured; what needs a free computer comes first."""

    def files() -> dict[str, float]:
        with tempfile.TemporaryDirectory() as folder:
            return beside_paper.files(Path(folder), length_s=size.file_s)

    return {
        "start": lambda: start.starts(count=size.starts),
        "delays": lambda: product.delays(count=size.recordings),
        "window": lambda: product.window_cost(seconds=size.window_s),
        "steps": lambda: beside_paper.steps(count=size.steps),
        "files": files,
    }


def fallen(found: Mapping[str, float], known: Mapping[str, float]) -> list[str]:
    """Return a sentence for every ratio that fell by more than 30 % of what it was."""
    return [
        f"{name}: {found[name]:.1f}, it was {was:.1f}"
        for name, was in known.items()
        if name.endswith(RATIO) and name in found and found[name] < LOWEST_SHARE * was
    ]


def lines(found: Mapping[str, float]) -> list[str]:
    """Return figures as lines, with the goals that they have."""
    written = []
    for name, value in found.items():
        goal = GOALS.get(name)
        said = "" if goal is None else f"  {goal.said_of(value)}"
        written.append(f"{name:<90} {value:9.2f}{said}")
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and, if asked, check; return 1 if a ratio fell, 2 if none is known."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, help="where the figures go as well")
    parser.add_argument("--check", action="store_true", help="compare with figures.json")
    parser.add_argument("--short", action="store_true", help="try the parts")
    parser.add_argument("--only", nargs="+", choices=list(parts(FULL)), help="only these parts")
    options = parser.parse_args(arguments)
    found: dict[str, float] = {}
    for name, measure in parts(SHORT if options.short else FULL).items():
        if options.only is None or name in options.only:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            found |= measure()
    print(MEASURED)
    print("\n".join(lines(found)))
    if options.json:
        about = {"computer": f"{platform.machine()}, {os.cpu_count()} processors"}
        options.json.write_text(json.dumps({**about, "figures": found}, indent=2) + "\n", "utf-8")
    return _checked(found) if options.check else 0


def _checked(found: Mapping[str, float]) -> int:
    if not FIGURES.is_file():
        print(f"there are no figures to compare with: make bench ARGS='--json {FIGURES.name}'")
        return 2
    problems = fallen(found, json.loads(FIGURES.read_text("utf-8"))["figures"])
    for problem in problems:
        print(f"FALLEN: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
