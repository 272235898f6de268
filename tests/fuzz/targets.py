"""What is fuzzed: each target takes any bytes and either refuses them in our words or is right."""

import io
import json
import math
import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import encoded
import numpy as np
import onnxruntime
import soundfile
from graph_mutations import mutated_graph
from mutations import mutated
from odd_models import write_named
from sign_classifier import SIDECAR, SignClassifier

from timbrescope.models import session
from timbrescope.models.artefact import Artefact, Sidecar, read_sidecar, sidecar_path
from timbrescope.models.catalogue import MODEL_NAMES, model_path
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import KINDS
from timbrescope.models.listening import LEAST_SOUND_S, FileListener
from timbrescope.models.onnx_file import refuse_external_data

RATE_HZ = 22_050
# As telephones: three windows of it are short files.
LOW_RATE_HZ = 8_000
# Endless graphs are among the seeds: a case of them need not take the seconds it may take.
SHORT_DEADLINE_S = 0.5


@dataclass(frozen=True)
class Target:
    """One kind of file from outside.

    Attributes
    ----------
    check : callable
        Takes any bytes. It raises `TimbrescopeError` to refuse them; whatever else it raises is
        a fault, and so is a number that is not finite.
    seeds : callable
        Gives the files that mutations start from.
    change : callable
        Makes a case of the seeds.
    """

    check: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    change: Callable[[Sequence[bytes], random.Random], bytes] = mutated


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


def _file(name: str, content: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(content)
    return path


def _finite(values: Iterable[float], *, what: str) -> None:
    if not all(math.isfinite(value) for value in values):
        raise AssertionError(f"{what} is not finite")


# -- sidecars ---------------------------------------------------------------------------------


def _sidecar(content: bytes) -> None:
    found = read_sidecar(_file("a.json", content))
    limits = found.thresholds
    numbers = (found.temperature, limits.quiet_dbfs, limits.not_sure, limits.least_known)
    _finite(numbers, what="a number of the sidecar")
    json.dumps(found.metrics, allow_nan=False)
    found.name.encode("utf-8")


def _sidecar_seeds() -> list[bytes]:
    small = json.loads(sidecar_path(model_path("flagship")).read_bytes())
    # Most of a sidecar is figures; a short one has its changes where they matter.
    small |= {"metrics": {"dev": {"accuracy": 0.5, "macro_recall": 0.5, "n": 3}}}
    small |= {"corpus": {}, "split": {}, "attributions": ["a"]}
    return [
        json.dumps(small).encode(),
        sidecar_path(model_path("random-forest")).read_bytes(),
    ]


# -- models -----------------------------------------------------------------------------------


def _walk(content: bytes) -> None:
    refuse_external_data(content, Path("a.onnx"))


def _model(content: bytes) -> None:
    path = Path("a.onnx")
    refuse_external_data(content, path)
    classifier = Classifier(Artefact(path, content, _sidecar_for(content)))
    found = classifier.analyse(np.ones(66_150, np.float32) * 0.01, start_s=0.0)
    _finite(found.probabilities.tolist(), what="a probability")


def _sidecar_for(graph: bytes) -> Sidecar:
    """Return a sidecar that fits a graph, so that not its name is what is refused."""
    sidecar = read_sidecar(_folder_of_models() / "plain.json")
    try:
        opened = onnxruntime.InferenceSession(graph, session.session_options())
        stated = opened.get_modelmeta().custom_metadata_map
    # It is opened again where what it raises counts.
    except Exception:  # noqa: BLE001
        return sidecar
    names = {key: stated[key] for key in ("name", "version", "kind") if key in stated}
    return replace(sidecar, **names) if names.get("kind", "mfcc") in KINDS else sidecar


@cache
def _folder_of_models() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-models-"))
    for name in ("plain", "map-of-three", "endless", "not-a-number", "text"):
        write_named(folder, name)
    return folder


def _model_seeds() -> list[bytes]:
    small = [path.read_bytes() for path in sorted(_folder_of_models().glob("*.onnx"))]
    return [*small, model_path("logistic-regression").read_bytes()]


# -- sound files ------------------------------------------------------------------------------


def _audio(content: bytes) -> None:
    from timbrescope.models.audio.decode import iter_windows

    # It names something wherever it is let: what is silent or damaged must not let it.
    listener = FileListener(SignClassifier())
    sounding_s = []
    for window in iter_windows(_file("a.wav", content)):
        _finite((float(np.abs(window.samples).max()),), what="a sample")
        listener.hear(window)
        sounding_s.append(_sounding_s(window.samples))
    answer = listener.answer()
    _finite(answer.probabilities.tolist(), what="a probability")
    for verdict, seconds in zip(answer.verdicts, sounding_s, strict=True):
        if verdict.instrument is not None and seconds < LEAST_SOUND_S:
            raise AssertionError(f"{verdict.instrument} named for {seconds:.2f} s of sound")
    if answer.instrument is not None and not any(sounding_s):
        raise AssertionError(f"{answer.instrument} named for silence")


def _sounding_s(samples: np.ndarray) -> float:
    """Return for how long samples sound at the most: pieces of 20 ms with one loud sample."""
    loudest = 10 ** (SIDECAR.thresholds.quiet_dbfs / 20)
    loud = np.abs(samples) >= loudest
    starts = np.arange(0, len(samples), RATE_HZ // 50)
    return float(np.logical_or.reduceat(loud, starts).sum()) * 0.02


def _audio_seeds() -> list[bytes]:
    time_s = np.arange(RATE_HZ // 4) / RATE_HZ
    tone = 0.3 * np.sin(2 * np.pi * 440 * time_s)
    both = np.stack([tone, -0.5 * tone], axis=1)
    kinds = [
        *(("WAV", "PCM_16"), ("WAV", "FLOAT"), ("WAV", "IMA_ADPCM"), ("WAVEX", "PCM_24")),
        *(("RF64", "PCM_16"), ("W64", "PCM_16"), ("AIFF", "PCM_16"), ("CAF", "PCM_16")),
        *(("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("AU", "PCM_16"), ("MP3", "MPEG_LAYER_III")),
    ]
    seeds = [_written(both, RATE_HZ, *kind) for kind in kinds]
    for kind in (("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("AIFF", "PCM_16")):
        seeds.append(_written(_with_silence(), LOW_RATE_HZ, *kind))
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("m4a", "mov", "webm", "wma", "opus", "caf", "w64", "mp2", "wv"):
            seeds.append(encoded.write(Path(folder, f"a.{suffix}"), seconds=0.3).read_bytes())
    return seeds


def _written(samples: np.ndarray, rate_hz: int, container: str, coding: str) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format=container, subtype=coding)
    return file.getvalue()


def _with_silence() -> np.ndarray:
    """Return a window of sound, one of silence, and one with a short hit in it."""
    time_s = np.arange(9 * LOW_RATE_HZ) / LOW_RATE_HZ
    sounding = (time_s < 3) | ((time_s > 7) & (time_s < 7.5))
    tone: np.ndarray = 0.3 * np.sin(2 * np.pi * 440 * time_s) * sounding
    return tone


# -- settings and manifests -------------------------------------------------------------------


def _settings(content: bytes) -> None:
    from PySide6.QtCore import QSettings

    from timbrescope.desktop.engine.model_choices import model_choices
    from timbrescope.desktop.settings import THEMES, Settings

    path = _file("a.conf", content)
    settings = Settings(QSettings(str(path), QSettings.Format.IniFormat))
    if settings.theme not in THEMES:
        raise AssertionError(settings.theme)
    _ = (settings.device_wish, settings.evidence_shown, settings.geometry, settings.comparing)
    # What the window does with them before anything is shown.
    own = settings.own_model
    for reference in {settings.model, own or ""} - {"", *MODEL_NAMES}:
        model_choices(reference)


def _settings_seeds() -> list[bytes]:
    return [
        b"[General]\nmodel=flagship\nown_model=/a/own.onnx\ntheme=dark\nevidence_shown=true\n"
        b"comparing=false\n\n[device]\nname=Mic \\x65e5\nhost_api=ALSA\n\n[window]\n"
        b"geometry=@ByteArray(\\x1\\xd9\\xd0\\xcb\\0\\x3\\0\\0)\n",
        b"[General]\nmodel=/a\\0b.onnx\nown_model=@Variant(\\0\\0\\0\\x7f)\n",
    ]


def _manifest(content: bytes) -> None:
    from timbrescope.training.corpus.recordings import read_manifest

    for row in read_manifest(_file("manifest.csv", content), check_files=False):
        _finite((row.seconds,), what="a length")


def _manifest_seeds() -> list[bytes]:
    from timbrescope.training.corpus.recordings import COLUMNS

    known = {"path": "a/b, c.wav", "instrument": "Violin", "kind": "phrase", "seconds": "3.5"}
    head = ",".join(COLUMNS)
    row = ",".join(f'"{known.get(name, "x")}"' for name in COLUMNS)
    return [f"{head}\n{row}\n{row}\n".encode(), f"{head}\n".encode()]


TARGETS: dict[str, Target] = {
    "sidecar": Target(_sidecar, _sidecar_seeds),
    "graph-walk": Target(_walk, _model_seeds, mutated_graph),
    "model": Target(_model, _model_seeds, mutated_graph),
    "audio": Target(_audio, _audio_seeds),
    "settings": Target(_settings, _settings_seeds),
    "manifest": Target(_manifest, _manifest_seeds),
}


def is_refused(target: Target, content: bytes) -> bool:
    """Return whether the target refuses `content`; raise if it fails at it."""
    try:
        target.check(content)
    except TimbrescopeError as error:
        # A refusal is read by people.
        str(error).encode("utf-8", "surrogateescape")
        return True
    return False
