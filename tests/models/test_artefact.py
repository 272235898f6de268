"""Model files are believed only when bytes, classes, front end and signature fit."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from timbrescope.models.artefact import load_artefact, read_sidecar, sidecar_path
from timbrescope.models.catalogue import model_path
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError
from timbrescope.models.frontend import PAPER_KINDS, FeatureKind, settings
from timbrescope.models.instruments import NAMES


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Give a copy of the shipped mel model that may be spoilt."""
    path = tmp_path / "mel.onnx"
    shutil.copy(model_path("mel"), path)
    shutil.copy(sidecar_path(model_path("mel")), sidecar_path(path))
    return path


def _restate(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    beside = sidecar_path(path)
    stated = json.loads(beside.read_text("utf-8"))
    change(stated)
    beside.write_text(json.dumps(stated), "utf-8")


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_what_ships_is_whole_and_says_what_it_is(kind: FeatureKind) -> None:
    sidecar = load_artefact(model_path(kind)).sidecar
    assert sidecar.kind == kind
    assert sidecar.classes == NAMES
    assert sidecar.front_end == settings(kind)
    assert sidecar.licence
    assert sidecar.attributions
    assert sidecar.corpus
    assert sidecar.split
    dev = sidecar.metrics["dev"]
    assert 0 < dev["macro_recall"] <= 1
    assert 0 < dev["accuracy"] <= 1
    assert 0 < sidecar.thresholds.not_sure < 1
    assert model_path(kind).stat().st_size < 8_000_000


@pytest.mark.parametrize("offset", [0, 1000, -1])
def test_a_changed_byte_is_refused_with_both_hashes(copied: Path, offset: int) -> None:
    stated = read_sidecar(sidecar_path(copied)).sha256
    content = bytearray(copied.read_bytes())
    content[offset] ^= 1
    copied.write_bytes(content)
    with pytest.raises(ModelFileError) as caught:
        load_artefact(copied)
    assert stated in str(caught.value)
    assert hashlib.sha256(content).hexdigest() in str(caught.value)


def test_other_classes_are_refused_by_name(copied: Path) -> None:
    _restate(copied, lambda stated: stated["classes"].__setitem__(3, "Oboe"))
    with pytest.raises(ModelFileError, match="Oboe"):
        load_artefact(copied)


def test_another_order_of_classes_is_refused(copied: Path) -> None:
    _restate(copied, lambda stated: stated["classes"].reverse())
    with pytest.raises(ModelFileError, match="order"):
        load_artefact(copied)


def test_another_front_end_is_refused_with_the_setting(copied: Path) -> None:
    _restate(copied, lambda stated: stated["front_end"].update(hop_length=256))
    with pytest.raises(ModelFileError, match="hop_length"):
        load_artefact(copied)


def test_a_sidecar_of_another_model_is_refused(copied: Path) -> None:
    _restate(copied, lambda stated: stated.update(version="9.9.9"))
    with pytest.raises(ModelFileError, match=r"9\.9\.9"):
        Classifier.load(path=copied)


@pytest.mark.parametrize("field", ["thresholds", "classes", "sha256", "temperature"])
def test_a_missing_field_is_named(copied: Path, field: str) -> None:
    _restate(copied, lambda stated: stated.pop(field))
    with pytest.raises(ModelFileError, match=field):
        load_artefact(copied)


def test_missing_files_are_named(copied: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"nothing\.json"):
        load_artefact(tmp_path / "nothing.onnx")
    copied.unlink()
    with pytest.raises(ModelFileError, match=r"mel\.onnx"):
        load_artefact(copied)


def test_a_sidecar_that_is_no_json_is_refused(copied: Path) -> None:
    sidecar_path(copied).write_text("{", "utf-8")
    with pytest.raises(ModelFileError, match="not JSON"):
        load_artefact(copied)
