"""How a network is trained; apart from the trainer so that it can be said without TensorFlow."""

from dataclasses import dataclass
from pathlib import Path

# What a run says of itself when it is done, beside its checkpoints.
SUMMARY_FILE = "fit.json"


@dataclass(frozen=True)
class FitSettings:
    """How a run is trained; the defaults are the paper's."""

    epochs: int = 100
    batch_size: int = 16
    patience: int = 5
    learning_rate: float = 1e-3
    seed: int = 22
    max_minutes: float = float("inf")
    threads: int = 0


@dataclass(frozen=True)
class ClassicalSettings:
    """How a classical model is fitted; all else is the paper's."""

    seed: int = 22


def run_folder(cache_dir: Path, name: str) -> Path:
    """Return the folder in which the run of a model that ships keeps its files."""
    return cache_dir / "runs" / name
