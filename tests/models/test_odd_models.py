"""Graphs that are wrong, greedy or endless are refused with the reason, and cost nothing."""

import os
from pathlib import Path

import numpy as np
import pytest
from odd_models import write_named, write_sidecar_beside

from timbrescope.models import trial
from timbrescope.models.artefact import load_artefact
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError
from timbrescope.models.limits import MODEL_BYTES, SIDECAR_BYTES

REASONS = {
    "scalar": "gives logits of shape",
    "rank-three": "gives logits of shape",
    "half-precision": "gives logits as",
    "text": "gives logits as",
    "batch-of-seven": "has the inputs",
    "two-inputs": "has the inputs",
    "not-a-number": "not finite",
    "map-of-three": "gives heatmaps of shape",
}


def test_a_plain_graph_is_taken(tmp_path: Path) -> None:
    path = write_named(tmp_path, "plain")
    trial.try_apart(load_artefact(path))
    assert Classifier.load(path=path).kind == "mfcc"


@pytest.mark.parametrize("name", REASONS)
def test_an_odd_graph_is_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    path = write_named(tmp_path, name)
    with pytest.raises(ModelFileError, match=REASONS[name]) as caught:
        Classifier.load(path=path)
    assert str(path) in str(caught.value)


def test_an_endless_graph_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timbrescope.models.session.WINDOW_DEADLINE_S", 0.5)
    path = write_named(tmp_path, "endless")
    with pytest.raises(ModelFileError, match=r"no answer to a window within 0\.5 s"):
        Classifier.load(path=path)


def test_a_greedy_graph_is_refused_before_it_is_let_in(tmp_path: Path) -> None:
    path = write_named(tmp_path, "greedy")
    with pytest.raises(ModelFileError, match="more than 1 GB of memory"):
        trial.try_apart(load_artefact(path))


def test_a_trial_that_takes_too_long_is_a_refusal(tmp_path: Path) -> None:
    path = write_named(tmp_path, "endless")
    with pytest.raises(ModelFileError, match=r"within 0\.3 s"):
        trial.try_apart(load_artefact(path), deadline_s=0.3)


def test_a_graph_that_ends_the_runtime_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Any module that ends as a crash does stands for a graph that makes the runtime crash.
    (tmp_path / "crash.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGABRT)")
    monkeypatch.setattr(trial, "MODULE", "crash")
    monkeypatch.syspath_prepend(str(tmp_path))
    path = write_named(tmp_path, "plain")
    with pytest.raises(ModelFileError, match="ends the runtime with status"):
        trial.try_apart(load_artefact(path))


def test_weights_of_other_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    onnx = pytest.importorskip("onnx")
    path = write_named(tmp_path, "not-a-number")
    model = onnx.load(str(path))
    # Where a runtime that is handed bytes would look.
    monkeypatch.chdir(tmp_path)
    onnx.save(
        model,
        str(path),
        save_as_external_data=True,
        location="weights.bin",
        size_threshold=0,
        convert_attribute=True,
    )
    write_sidecar_beside(path)
    assert (tmp_path / "weights.bin").is_file()
    with pytest.raises(ModelFileError, match="weights from another file"):
        load_artefact(path)


def test_weights_of_other_files_inside_a_loop_are_refused(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    path = write_named(tmp_path, "endless")
    model = onnx.load(str(path))
    (loop,) = [node for node in model.graph.node if node.op_type == "Loop"]
    inner = loop.attribute[0].g.initializer[0]
    onnx.external_data_helper.set_external_data(inner, "weights.bin")
    inner.ClearField("raw_data")
    path.write_bytes(model.SerializeToString())
    write_sidecar_beside(path)
    with pytest.raises(ModelFileError, match="weights from another file"):
        load_artefact(path)


@pytest.mark.parametrize("content", [b"", b"\x08", b"\x3a\xff\xff\xff\xff\x0f", b"ORTM" * 9])
def test_bytes_that_are_no_graph_are_refused(tmp_path: Path, content: bytes) -> None:
    path = write_named(tmp_path, "plain")
    path.write_bytes(content)
    write_sidecar_beside(path)
    with pytest.raises(ModelFileError, match=r"plain\.onnx"):
        Classifier.load(path=path)


@pytest.mark.parametrize("suffix", [".onnx", ".json"])
@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "large"])
def test_what_is_no_file_or_too_large_is_refused_at_once(
    tmp_path: Path, suffix: str, kind: str
) -> None:
    path = write_named(tmp_path, "plain")
    odd = path.with_suffix(suffix)
    odd.unlink()
    reason = _put(odd, kind)
    with pytest.raises(ModelFileError, match=reason):
        load_artefact(path)


def _put(path: Path, kind: str) -> str:
    """Put something in the place of a file; return how it has to be called."""
    if kind == "fifo":
        if not hasattr(os, "mkfifo"):
            pytest.skip("this system has no named pipes")
        os.mkfifo(path)
        return "a named pipe"
    if kind == "device":
        if not Path("/dev/zero").exists():
            pytest.skip("this system has no /dev/zero")
        path.symlink_to("/dev/zero")
        return "a device"
    if kind == "folder":
        path.mkdir()
        return "a folder|Is a directory|Permission denied"
    with path.open("wb") as file:
        # A file with a hole: its size is stated and not stored.
        file.truncate(max(MODEL_BYTES, SIDECAR_BYTES) + 1)
    return "100,000,001 bytes"


def test_answers_of_a_taken_model_stay_finite(tmp_path: Path) -> None:
    classifier = Classifier.load(path=write_named(tmp_path, "plain"))
    with pytest.raises(ModelFileError, match="not finite"):
        classifier.predict(np.full((40, 130), np.inf, dtype=np.float32))
