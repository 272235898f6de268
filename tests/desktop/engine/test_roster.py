"""The models to choose from: what ships, what is missing, and the user's own."""

import json
import threading
from pathlib import Path

import pytest
from stand_in_models import fill_models_folder, write_stand_in

from timbrescope.desktop.engine import model_choices as choices_module
from timbrescope.desktop.engine.model_choices import available, model_choices
from timbrescope.models import catalogue
from timbrescope.models.catalogue import MODEL_NAMES, own_reference


@pytest.mark.usefixtures("all_models")
def test_all_in_the_catalogues_order_with_their_figures() -> None:
    choices = model_choices()
    assert tuple(choice.reference for choice in choices) == MODEL_NAMES
    assert available(choices) == MODEL_NAMES
    for choice in choices:
        assert "real recordings from sources it never heard" in choice.details
    assert "61\u202f% of 123" in choices[3].details


def test_what_is_missing_is_listed_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill_models_folder(tmp_path / "some", absent=("random-forest",))
    monkeypatch.setattr(catalogue, "MODELS_FOLDER", folder)
    choices = model_choices()
    assert "random-forest" not in available(choices)
    assert len(available(choices)) == 5
    missing = choices[MODEL_NAMES.index("random-forest")]
    assert missing.title == "Random forest on mean MFCCs"
    assert "random-forest.onnx" in missing.problem
    assert str(folder) in missing.problem


@pytest.mark.usefixtures("all_models")
def test_an_own_model_comes_last_under_its_own_name_with_its_own_figures(tmp_path: Path) -> None:
    figures = {"accuracy": 0.8, "macro_recall": 0.75, "n": 40}
    path = write_stand_in(
        tmp_path / "x.onnx", name="Anna's forest", metrics={"school band": figures}
    )
    own = model_choices(str(path))[-1]
    assert (own.reference, own.title) == (str(path), "Anna's forest")
    assert (
        "accuracy 80\u202f%, macro recall 75\u202f% on the 40 examples of its school band"
        in own.details
    )
    assert own.is_available


@pytest.mark.parametrize("metrics", [{}, {"dev": {"accuracy": "good"}}, {"dev": [1, 2]}])
def test_figures_that_are_not_there_are_not_made_up(
    tmp_path: Path, metrics: dict[str, object]
) -> None:
    path = write_stand_in(tmp_path / "x.onnx", metrics=metrics)
    assert "states no figures" in model_choices(str(path))[-1].details


def test_an_own_model_that_has_gone_or_is_no_model_says_so(tmp_path: Path) -> None:
    path = tmp_path / "gone.onnx"
    gone = model_choices(str(path))[-1]
    assert gone.title == "gone"
    assert "gone.onnx" in gone.problem
    path.touch()
    path.with_suffix(".json").write_text(json.dumps({"name": "half"}), "utf-8")
    assert "the field 'kind' is missing" in model_choices(str(path))[-1].problem


@pytest.mark.parametrize("own", ["/a\0b.onnx", f"/{'x' * 5000}.onnx", "/dev/null/x.onnx"])
def test_a_path_that_leads_nowhere_is_a_choice_that_says_so(own: str) -> None:
    choice = model_choices(own)[-1]
    assert choice.reference == own
    assert not choice.is_available


def test_a_model_in_a_folder_that_is_locked_is_a_choice_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(path: Path, *, follow_symlinks: bool = True) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", locked)
    assert "Permission denied" in model_choices(str(tmp_path / "own.onnx"))[-1].problem


def test_a_model_on_a_share_that_never_answers_is_a_choice_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, is_file = threading.Event(), Path.is_file

    def hangs(path: Path) -> bool:
        # What ships lies on another disk.
        return is_file(path) if path.parent != tmp_path else released.wait(30) and False

    monkeypatch.setattr(choices_module, "LOOK_S", 0.1)
    monkeypatch.setattr(Path, "is_file", hangs)
    own = model_choices(str(tmp_path / "own.onnx"))[-1]
    released.set()
    assert "does not answer" in own.problem


def test_a_reference_holds_in_any_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert own_reference(Path("own.onnx")) == str(tmp_path / "own.onnx")
