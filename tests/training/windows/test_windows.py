from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.instruments import index_of
from timbrescope.training.corpus.recordings import CorpusError, Recording, read_manifest
from timbrescope.training.windows.draw import (
    Window,
    composed_windows,
    load_background,
    load_material,
    load_samples,
)
from timbrescope.training.windows.split import is_soundfont, split_groups

FONT = "fluid-soundfont-gm"


def _recording(
    group: str, *, instrument: str = "Violin", seconds: float = 60.0, **changes: Any
) -> Recording:
    made = Recording(
        path=Path(f"{group}.wav"),
        instrument=instrument,
        kind="note",
        group=group,
        source=group,
        split="train",
        licence="CC0",
        seconds=seconds,
    )
    return replace(made, **changes)


def _groups(recordings: list[Recording]) -> set[str]:
    return {recording.group for recording in recordings}


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    material=st.lists(
        st.tuples(
            st.sampled_from(("Violin", "Banjo", "Piano")), st.floats(0.1, 900), st.booleans()
        ),
        min_size=1,
        max_size=25,
    ),
)
def test_no_group_is_on_both_sides_and_nothing_is_lost(
    seed: int, material: list[tuple[str, float, bool]]
) -> None:
    recordings = [
        _recording(f"g{i}:{name}", instrument=name, seconds=s, source=FONT if font else f"s{i}")
        for i, (name, s, font) in enumerate(material)
    ]
    train, validation = split_groups(recordings, seed=seed)
    assert _groups(train).isdisjoint(_groups(validation))
    assert len(train) + len(validation) == len(recordings)
    assert {r.instrument for r in train} == {r.instrument for r in recordings}


def test_a_class_with_one_group_only_trains() -> None:
    train, validation = split_groups([_recording("one"), _recording("one")], seed=1)
    assert (len(train), validation) == (2, [])


def test_a_class_with_two_groups_holds_one_out() -> None:
    _, validation = split_groups([_recording("a"), _recording("b", seconds=20)], seed=1)
    assert _groups(validation) == {"b"}


def test_the_only_real_group_trains() -> None:
    recordings = [_recording("real", seconds=20)]
    recordings += [_recording(f"font{i}", source=FONT) for i in range(3)]
    for seed in range(20):
        train, validation = split_groups(recordings, seed=seed)
        assert "real" in _groups(train)
        assert validation


def test_the_split_follows_the_seed() -> None:
    recordings = [_recording(f"g{i}") for i in range(12)]
    held = [frozenset(_groups(split_groups(recordings, seed=s)[1])) for s in (1, 1, 2, 3, 4)]
    assert held[0] == held[1]
    assert len(set(held)) > 1


@pytest.mark.parametrize(
    "use",
    [
        lambda r: split_groups(r, seed=1),
        load_material,
        load_background,
    ],
)
def test_nothing_but_train_is_ever_used(use: Callable[[list[Recording]], object]) -> None:
    with pytest.raises(CorpusError, match="'dev'"):
        use([_recording("a"), _recording("b", split="dev")])


@pytest.fixture
def corpus(tmp_path: Path) -> list[Recording]:
    rng = np.random.default_rng(1)
    found = []
    for name in ("Violin", "Cowbell"):
        for group in ("a", "b"):
            for number in range(2):
                path = tmp_path / f"{name}-{group}-{number}.wav"
                soundfile.write(path, rng.uniform(-0.5, 0.5, 9_000), 22_050)
                found.append(
                    _recording(
                        f"{group}:{name}",
                        instrument=name,
                        path=path,
                        kind=("note", "phrase")[number],
                    )
                )
    return found


def _composed(
    corpus: list[Recording], *, count: int, seed: int, naive: bool = False
) -> list[Window]:
    material = load_material(r for r in corpus if r.instrument == "Violin")
    label = index_of("Violin")
    found = composed_windows("Violin", material, label=label, count=count, seed=seed, naive=naive)
    return list(found)


def test_a_naive_window_is_a_recording_as_it_is(corpus: list[Recording]) -> None:
    for window in _composed(corpus, count=4, seed=1, naive=True):
        assert np.count_nonzero(window.samples) <= 9_000
        assert not window.samples[9_000:].any()


def test_windows_are_labelled_and_counted_per_class(corpus: list[Recording]) -> None:
    windows = _composed(corpus, count=6, seed=3)
    assert [w.label for w in windows] == [index_of("Violin")] * 6
    for window in windows:
        assert window.samples.shape == (66_150,)
        assert window.samples.dtype == np.float32
        assert np.abs(window.samples).max() > 0
        assert window.group.endswith("Violin")


def test_windows_depend_on_the_seed_alone(corpus: list[Recording]) -> None:
    runs = [_composed(corpus, count=2, seed=s) for s in (3, 3, 4)]
    np.testing.assert_array_equal(runs[0][1].samples, runs[1][1].samples)
    assert not np.array_equal(runs[0][1].samples, runs[2][1].samples)


def test_a_big_group_does_not_drown_a_small_one(tmp_path: Path) -> None:
    found = []
    for group, count in (("big", 30), ("small", 2)):
        for number in range(count):
            path = tmp_path / f"{group}{number}.wav"
            soundfile.write(path, np.full(22_050 * 4, 0.1), 22_050)
            found.append(_recording(group, path=path))
    weights = {m.group: m.weight for m in load_material(found)}
    assert weights["big"] / weights["small"] == pytest.approx(np.sqrt(15), rel=0.01)


def test_soundfonts_are_told_from_real_recordings() -> None:
    assert is_soundfont(_recording("a", source=FONT))
    assert not is_soundfont(_recording("a"))


def test_samples_are_resampled_and_mixed_to_mono(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((44_100, 2)), 44_100)
    assert load_samples(_recording("a", path=path)).shape == (22_050,)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"broken")
    with pytest.raises(CorpusError, match=r"a\.wav"):
        load_samples(_recording("a", path=tmp_path / "a.wav"))


def test_the_development_corpus_splits_by_group(shared_audio: Path) -> None:
    recordings = [r for r in read_manifest(shared_audio / "manifest.csv") if r.split == "train"]
    train, validation = split_groups(recordings, seed=22)
    assert _groups(train).isdisjoint(_groups(validation))
    assert len({r.instrument for r in validation}) >= 15
    assert len({r.instrument for r in train}) == 28
