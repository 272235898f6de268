"""Who may import whom, read from the source and checked in a fresh interpreter."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("models", "training", "desktop")
THIRD_PARTY = {
    "models": {"numpy", "scipy", "onnxruntime", "av", "soundfile", "soxr"},
    "training": {
        *("numpy", "scipy", "soundfile", "soxr", "onnxruntime", "onnx", "tf2onnx"),
        *("tensorflow", "keras", "librosa", "sklearn", "skl2onnx", "mido", "tqdm"),
        *("joblib", "threadpoolctl", "distributed", "kagglehub"),
        *("matplotlib", "plotly", "jinja2", "msgspec", "tomli_w", "filelock"),
    },
    "desktop": {
        "numpy",
        "scipy",
        "PySide6",
        "sounddevice",
        "platformdirs",
        "pulsectl",
        "pythonosc",
        "soundfile",
        "soxr",
    },
}
FRIENDS = {"models": set(), "training": {"models"}, "desktop": {"models"}}
QT = {"PySide6"}
HEAVY = ("tensorflow", "keras", "librosa", "sklearn", "PySide6")


def _sources(folder: str) -> list[Path]:
    found = sorted((REPOSITORY / folder).rglob("*.py"))
    assert found, f"no Python file in {folder}: the test would prove nothing"
    return found


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {_short(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively: write the room's name"
            names.add(_short(node.module or ""))
    return names


def _short(name: str) -> str:
    """Return a room's name for a module of ours, the top of its name for another."""
    parts = name.split(".")
    return parts[1] if parts[0] == "timbrescope" and len(parts) > 1 else parts[0]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = sys.stdlib_module_names | THIRD_PARTY[room] | FRIENDS[room] | {room, "timbrescope"}
    for path in _sources(room):
        assert _imported(path) <= allowed, f"{path}: {_imported(path) - allowed}"


@pytest.mark.parametrize("folder", ["desktop/audio", "desktop/engine", "desktop/drawing"])
def test_the_core_knows_no_qt(folder: str) -> None:
    for path in _sources(folder):
        assert not _imported(path) & QT, path


def test_a_study_is_imported_by_its_command_only() -> None:
    study = REPOSITORY / "training" / "study"
    others = [path for room in ROOMS for path in _sources(room) if study not in path.parents]
    found = {path for path in others if "timbrescope.training.study" in path.read_text("utf-8")}
    assert found == {REPOSITORY / "training" / "commands" / "study.py"}


def test_options_are_read_by_commands_only() -> None:
    commands = REPOSITORY / "training" / "commands"
    found = {path for path in _sources("training") if _imported(path) & {"argparse", "optparse"}}
    assert found
    assert {path for path in found if commands not in path.parents} == set()


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_reads_pickles(room: str) -> None:
    reads = re.compile(
        r"allow_pickle=True|joblib\.(load|dump)|import (c?pickle|marshal|shelve|dill)"
    )
    for path in _sources(room):
        assert not reads.search(path.read_text("utf-8")), path


def _modules_loaded_by(code: str) -> list[str]:
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.splitlines()


def _loaded_by(code: str) -> set[str]:
    return {name.split(".")[0] for name in _modules_loaded_by(code)}


def test_the_store_of_a_study_loads_a_handful_of_modules() -> None:
    loaded = _modules_loaded_by("import timbrescope.training.study.extract.store")
    ours = [name for name in loaded if name.startswith("timbrescope.") and _is_module(name)]
    assert len(ours) <= 16, ours
    assert not {"mido", "sklearn", "tensorflow", "soundfile", "soxr"} & set(loaded)


def _is_module(name: str) -> bool:
    """Return whether a name of ours is a file with code, and no folder."""
    return not (REPOSITORY / Path(*name.split(".")[1:])).is_dir()


def test_a_model_at_work_loads_neither_trainers_nor_qt() -> None:
    loaded = _loaded_by(
        "import numpy, timbrescope.models.streaming, timbrescope.models.heatmaps\n"
        "from timbrescope.models.classifier import Classifier\n"
        "Classifier.load().analyse(numpy.ones(66_150, numpy.float32), start_s=0.0)"
    )
    assert "onnxruntime" in loaded
    assert not loaded & set(HEAVY)


def test_classifying_files_loads_no_qt(tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.3 * np.sin(np.arange(44_100) / 10), 22_050)
    loaded = _loaded_by(
        f"from timbrescope.desktop.cli import main\nassert main(['classify', {str(path)!r}]) == 0"
    )
    assert "av" in loaded
    assert not loaded & set(HEAVY)


def test_packaging_is_no_python_package() -> None:
    assert not (REPOSITORY / "packaging" / "__init__.py").exists()
