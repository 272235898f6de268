"""Compares the extraction of features with the paper's way of doing it, in one run.

The paper's way: ``librosa.load``, ``librosa.feature.melspectrogram`` with ``power_to_db``, and
``librosa.feature.mfcc``, one clip after the other or spread over the cores by joblib. Ours: the
step ``extract`` of a study, which also stores what it finds. Both read the same WAV files of
3 s, mono, 22,050 Hz, as the paper's data set has them.

Every way is run once to warm up and then once in each round; the ratios are taken within a
round and their median is printed, because a machine's speed changes from minute to minute. What
starting processes or a cluster takes is not counted.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import librosa
import numpy as np
import soundfile
from joblib import Parallel, delayed, parallel_config
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.extract.extraction import extract
from timbrescope.training.study.extract.store import FeatureStore

PAPER_1, PAPER_2 = "librosa, 1 process", "librosa in joblib, 2 processes"
OURS_1, OURS_2, OURS_DASK = "ours, 1 process", "ours, 2 processes", "ours, 2 Dask workers"
RATIOS = ((OURS_1, PAPER_1), (OURS_2, PAPER_2), (OURS_2, OURS_1), (OURS_DASK, OURS_1))


@dataclass(frozen=True)
class Benchmark:
    """Clips per second of every way in every round."""

    clips: int
    rates: Mapping[str, tuple[float, ...]]

    def ratio(self, one: str, other: str) -> float:
        """Return the median over the rounds of how many times faster `one` is."""
        return median(a / b for a, b in zip(self.rates[one], self.rates[other], strict=True))

    def table(self) -> str:
        """Return the figures as text."""
        lines = [f"{self.clips} clips of 3 s, {len(self.rates[OURS_1])} rounds, medians"]
        lines += [
            f"  {name:<32} {median(found):8.0f} clips/s" for name, found in self.rates.items()
        ]
        lines += [f"  {a} / {b}: {self.ratio(a, b):.2f}" for a, b in RATIOS]
        return "\n".join(lines)


def paper_features(path: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return log-mel and MFCC of a file as the paper's notebooks compute them."""
    samples, rate_hz = librosa.load(path, sr=None)
    mel = librosa.feature.melspectrogram(y=samples, sr=rate_hz, n_mels=128, fmax=8000)
    decibels = librosa.power_to_db(mel, ref=np.max)
    return decibels, librosa.feature.mfcc(y=samples, sr=rate_hz, n_mfcc=40)


def run_benchmark(*, clips: int = 960, rounds: int = 5) -> Benchmark:
    """Measure all ways on the same synthetic files."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        listed = write_clips(folder, count=clips)
        # One process means one core: the libraries' own threads would blur that.
        stack.enter_context(threadpool_limits(1))
        ways = _ways(listed, folder=folder)
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            for name, way in ways.items():
                seconds = way()
                # The first round imports libraries and starts processes.
                if number:
                    rates[name].append(clips / seconds)
    return Benchmark(clips, {name: tuple(found) for name, found in rates.items()})


def write_clips(folder: Path, *, count: int) -> list[Clip]:
    """Write WAV files of 3 s and return them as clips."""
    rng = np.random.default_rng(0)
    listed = []
    for number in range(count):
        path = folder / f"{number:05}.wav"
        soundfile.write(path, 0.1 * rng.standard_normal(WINDOW_SAMPLES), SAMPLE_RATE_HZ)
        listed.append(Clip(path.name, path, 0.0, path.name, "Piano", "g", "s", "c"))
    return listed


def _ways(clips: Sequence[Clip], *, folder: Path) -> dict[str, Callable[[], float]]:
    """Return the ways, each of which returns the seconds that it took."""
    return {
        PAPER_1: lambda: _paper(clips, jobs=1),
        OURS_1: lambda: _ours(clips, folder=folder, workers=1),
        PAPER_2: lambda: _paper(clips, jobs=2),
        OURS_2: lambda: _ours(clips, folder=folder, workers=2),
        OURS_DASK: lambda: _ours_on_cluster(clips, folder=folder),
    }


def _paper(clips: Sequence[Clip], *, jobs: int) -> float:
    paths = [clip.path for clip in clips]
    began_s = perf_counter()
    # The same processes as ours: joblib ends those of another configuration and starts anew,
    # and what it costs to start a process says nothing of a corpus.
    with parallel_config(backend="loky", inner_max_num_threads=1):
        Parallel(n_jobs=jobs)(delayed(paper_features)(path) for path in paths)
    return perf_counter() - began_s


def _ours(
    clips: Sequence[Clip], *, folder: Path, workers: int, scheduler: str | None = None
) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        began_s = perf_counter()
        extract(clips, FeatureStore(Path(cache)), workers=workers, scheduler=scheduler)
        return perf_counter() - began_s


def _ours_on_cluster(clips: Sequence[Clip], *, folder: Path) -> float:
    """Measure on a cluster that is there for this alone: even an idle one takes time off others."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        # A few tasks for each worker, so that both have imported what they need.
        _ours(clips[: len(clips) // 4], folder=folder, workers=2, scheduler=address)
        return _ours(clips, folder=folder, workers=2, scheduler=address)
