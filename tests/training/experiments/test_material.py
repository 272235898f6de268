from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

import numpy as np  # noqa: E402
from window_sets import window_set  # noqa: E402

from timbrescope.models.instruments import index_of  # noqa: E402
from timbrescope.training.experiments import material  # noqa: E402
from timbrescope.training.experiments.material import Windows, choices, compare_material, table  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings  # noqa: E402
from timbrescope.training.labels import BACKGROUND_LABEL  # noqa: E402

CHOICES = choices([], of_packages=["group0"])


def _windows(*, seed: int) -> Windows:
    """Averages that are one where the window's instrument is loud."""
    whole = window_set(seed=seed, per_label=9)
    averages = np.stack([whole.labels == label for label in np.unique(whole.labels)], axis=1)
    noise = np.random.default_rng(seed).normal(0, 0.1, averages.shape)
    return Windows(
        (averages + noise).astype(np.float32),
        averages[:, :1].astype(np.float32),
        whole.labels,
        np.array(whole.groups),
        np.array(whole.subjects),
        np.array(whole.ways),
        whole.held_by,
        np.ones(len(whole.labels), np.float32),
    )


@pytest.mark.parametrize(
    ("name", "instruments"),
    [
        ("no notes alone", {"phrase"}),
        ("notes alone", {"note"}),
        ("everything", {"note", "phrase"}),
    ],
)
def test_a_choice_is_of_instruments_and_keeps_what_is_none(
    name: str, instruments: set[str]
) -> None:
    windows = _windows(seed=1)
    kept = windows.chosen(CHOICES[name](windows))
    known = kept.labels < BACKGROUND_LABEL
    assert set(kept.ways[known]) == instruments
    assert (kept.labels == BACKGROUND_LABEL).sum() == (windows.labels == BACKGROUND_LABEL).sum()


def test_what_packages_and_the_manifest_give_is_everything() -> None:
    windows = _windows(seed=1)
    known = windows.labels < BACKGROUND_LABEL
    ours, theirs = CHOICES["packages only"](windows), CHOICES["the manifest only"](windows)
    assert (ours ^ theirs)[known].all()
    assert set(windows.groups[ours & known]) == {"group0"}


def test_heads_are_judged_by_windows_of_other_groups(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    train, held_out = _windows(seed=1), _windows(seed=2)
    monkeypatch.setattr(material, "_averaged", lambda *_, **__: (train, held_out))
    chosen = {
        "everything": CHOICES["everything"],
        "no cowbell": lambda w: w.labels != index_of("Cowbell"),
    }
    found = compare_material(tmp_path, trunk=tmp_path, settings=FlagshipSettings(), chosen=chosen)
    # Two instruments and noise, of which each fold leaves a third to be judged by.
    assert found["everything"]["windows"] == 3 * 18 * 2 / 3
    assert found["everything"]["macro_recall"] == 1.0
    assert found["everything"]["refused"] == 1.0
    assert found["no cowbell"]["macro_recall"] == 0.5
    assert table(found).count("\n") == 3


def test_the_teachers_embedding_is_seen_instead_of_the_trunk_or_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        material, "_averaged", lambda *_, **__: (_windows(seed=1), _windows(seed=2))
    )
    names = ("everything", material.TEACHER_ONLY, material.BOTH_TRUNKS)
    found = compare_material(
        tmp_path,
        trunk=tmp_path,
        settings=FlagshipSettings(),
        chosen={name: CHOICES[name] for name in names},
    )
    trunk, teacher, both = (found[name] for name in names)
    # The embedding of these windows knows the first instrument from the rest and no more.
    assert both["macro_recall"] == trunk["macro_recall"] == 1.0
    assert teacher["log_loss"] > trunk["log_loss"]


def test_without_a_teacher_its_comparisons_are_left_out_and_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tuple(
        replace(windows, embeddings=windows.embeddings[:, :0])
        for windows in (_windows(seed=1), _windows(seed=2))
    )
    monkeypatch.setattr(material, "_averaged", lambda *_, **__: whole)
    chosen = {name: CHOICES[name] for name in ("everything", material.BOTH_TRUNKS)}
    found = compare_material(tmp_path, trunk=tmp_path, settings=FlagshipSettings(), chosen=chosen)
    assert list(found) == ["everything"]
    assert material.BOTH_TRUNKS in capsys.readouterr().out
