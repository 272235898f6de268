from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.frontend import WINDOW_SAMPLES
from timbrescope.models.instruments import index_of
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import Recording, read_manifest
from timbrescope.training.windows.background import load_pieces
from timbrescope.training.windows.draw import Playing, Window, as_recorded, composed_windows
from timbrescope.training.windows.groups import (
    LARGEST_RAISE,
    LARGEST_SHARE_OF_GROUP,
    LARGEST_SHARE_OF_SOUNDFONTS,
    GroupMaterial,
    load_background,
    load_material,
    load_samples,
    tamed,
)
from timbrescope.training.windows.split import (
    FOLDS,
    LARGEST_HELD_OUT_SHARE,
    folds_of_class,
    is_soundfont,
    split_background,
    split_groups,
)

FONT = "fluid-soundfont-gm"
TONE = 0.1 * np.sin(2 * np.pi * 440 * np.arange(4 * 22_050) / 22_050)


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


MATERIAL = st.lists(
    st.tuples(st.sampled_from(("Violin", "Banjo", "Piano")), st.floats(0.1, 900), st.booleans()),
    min_size=1,
    max_size=25,
)


def _made(material: list[tuple[str, float, bool]]) -> list[Recording]:
    return [
        _recording(f"g{i}:{name}", instrument=name, seconds=s, source=FONT if font else f"s{i}")
        for i, (name, s, font) in enumerate(material)
    ]


@settings(max_examples=60)
@given(fold=st.integers(0, FOLDS - 1), material=MATERIAL)
def test_no_group_is_on_both_sides_and_nothing_is_lost(
    fold: int, material: list[tuple[str, float, bool]]
) -> None:
    recordings = _made(material)
    train, validation = split_groups(recordings, fold=fold)
    assert _groups(train).isdisjoint(_groups(validation))
    assert len(train) + len(validation) == len(recordings)
    assert {r.instrument for r in train} == {r.instrument for r in recordings}


@settings(max_examples=60)
@given(material=MATERIAL, order=st.randoms(use_true_random=False))
def test_folds_share_no_group_and_do_not_hang_on_the_order(
    material: list[tuple[str, float, bool]], order: Any
) -> None:
    recordings = [r for r in _made(material) if r.instrument == "Violin"]
    folds = folds_of_class(recordings)
    assert len(set().union(*folds)) == sum(map(len, folds))
    order.shuffle(recordings)
    assert folds_of_class(recordings) == folds


@settings(max_examples=60)
@given(seconds=st.lists(st.floats(9.0, 900), min_size=2, max_size=20), fonts=st.integers(0, 6))
def test_real_groups_decide_and_every_fold_has_some(seconds: list[float], fonts: int) -> None:
    real = [_recording(f"real{i}", seconds=s) for i, s in enumerate(seconds)]
    rendered = [_recording(f"font{i}", seconds=900.0, source=FONT) for i in range(fonts)]
    folds = folds_of_class(real + rendered)
    assert set().union(*folds) <= _groups(real)
    assert all(folds[: len(seconds)])


@settings(max_examples=60)
@given(seconds=st.lists(st.floats(9.0, 900), min_size=2, max_size=20))
def test_a_fold_holds_out_one_group_or_a_fifth_of_the_class(seconds: list[float]) -> None:
    recordings = [_recording(f"g{i}", seconds=s) for i, s in enumerate(seconds)]
    weights = {r.group: np.sqrt(r.seconds) for r in recordings}
    for held in folds_of_class(recordings):
        share = sum(weights[group] for group in held) / sum(weights.values())
        assert len(held) <= 1 or share <= LARGEST_HELD_OUT_SHARE + 1e-9


def test_three_equal_groups_are_all_held_out_in_turn() -> None:
    folds = folds_of_class([_recording(group) for group in "abc"])
    assert folds == [{"c"}, {"b"}, {"a"}]


def test_a_class_with_one_group_only_trains() -> None:
    train, validation = split_groups([_recording("one"), _recording("one")], fold=0)
    assert (len(train), validation) == (2, [])


def test_the_smaller_of_two_groups_is_held_out_first() -> None:
    recordings = [_recording("a"), _recording("b", seconds=20)]
    held = [_groups(split_groups(recordings, fold=fold)[1]) for fold in range(FOLDS)]
    assert held == [{"b"}, {"a"}, set()]


def test_the_only_real_group_trains() -> None:
    recordings = [_recording("real", seconds=20)]
    recordings += [_recording(f"font{i}", source=FONT) for i in range(3)]
    for fold in range(FOLDS):
        train, validation = split_groups(recordings, fold=fold)
        assert "real" in _groups(train)
        assert validation


def test_many_hits_are_enough_to_judge_by_however_short() -> None:
    few = [_recording("few", seconds=0.1) for _ in range(2)]
    many = [_recording("many", seconds=0.1) for _ in range(20)]
    folds = folds_of_class([*few, *many, _recording("long")])
    assert folds == [{"long"}, {"many"}, set()] or folds == [{"many"}, {"long"}, set()]


def test_there_are_no_other_folds() -> None:
    for split in (split_groups, split_background):
        with pytest.raises(CorpusError, match="fold 3"):
            split([_recording("a")], fold=FOLDS)


def _other(what: str, group: str) -> Recording:
    return _recording(group, instrument=None, kind="other", what=what)


@given(kinds=st.lists(st.sampled_from("abcdefghijk"), min_size=2, max_size=30))
def test_other_instruments_are_held_out_as_a_whole(kinds: list[str]) -> None:
    recordings = [_other(what, f"source{i % 3}:{what}") for i, what in enumerate(kinds)]
    seen: list[set[str]] = []
    for fold in range(FOLDS):
        train, validation = split_background(recordings, fold=fold)
        assert {r.what for r in train}.isdisjoint({r.what for r in validation})
        assert len(train) + len(validation) == len(recordings)
        assert train
        seen.append({r.what for r in validation})
    assert sum(map(len, seen)) == len(set().union(*seen))
    if len(set(kinds)) >= FOLDS:
        assert all(seen)


@pytest.mark.parametrize(
    "use",
    [
        lambda r: split_groups(r, fold=0),
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


def _composed(corpus: list[Recording], *, count: int, seed: int, **changes: Any) -> list[Window]:
    material = load_material(r for r in corpus if r.instrument == "Violin")
    label = index_of("Violin")
    return list(
        composed_windows("Violin", material, label=label, count=count, seed=seed, **changes)
    )


def test_a_recorded_window_is_a_recording_as_it_is(corpus: list[Recording]) -> None:
    for window in _composed(corpus, count=4, seed=1, recorded_share=1.0):
        assert window.as_recorded
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


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_windows_say_whether_a_note_is_alone(corpus: list[Recording], share: float) -> None:
    of_kinds = (("note",), ("phrase",), ("note", "phrase"))
    for kinds in of_kinds:
        recordings = [r for r in corpus if r.kind in kinds]
        windows = _composed(recordings, count=20, seed=3, playing=Playing(note_share=share))
        assert sum(window.way == "note" for window in windows) == 20 * share
        for window in windows:
            assert np.abs(window.samples).max() == pytest.approx(1.0)


def test_a_recorded_window_is_of_the_kind_of_its_recording(corpus: list[Recording]) -> None:
    windows = _composed(corpus, count=30, seed=1, recorded_share=1.0)
    assert {window.way for window in windows} == {"note", "phrase"}


def test_a_share_of_the_windows_is_recorded(corpus: list[Recording]) -> None:
    windows = _composed(corpus, count=100, seed=1, recorded_share=0.3)
    assert 20 <= sum(window.as_recorded for window in windows) <= 40


def test_a_recorded_window_is_cut_where_it_sounds() -> None:
    phrase = np.zeros(20 * WINDOW_SAMPLES, np.float32)
    phrase[: 2 * WINDOW_SAMPLES] = 0.5
    material = GroupMaterial("g", 1.0, (), (phrase,))
    for seed in range(20):
        samples, way = as_recorded(material, rng=np.random.default_rng(seed))
        assert samples.any()
        assert way == "phrase"


def test_long_strokes_are_recorded_windows_however_few_there_are() -> None:
    times = np.arange(2 * 22_050) / 22_050
    short, long = (
        (0.3 * np.sin(900 * times) * np.exp(-decay * times)).astype(np.float32)
        for decay in (60.0, 2.0)
    )
    material = GroupMaterial("g", 1.0, (*[short] * 30, *[long] * 3), ())
    rng = np.random.default_rng(1)
    heard = [as_recorded(material, struck=True, rng=rng)[0] for _ in range(200)]
    rings = [float(np.abs(window[11_025:]).max()) > 0.05 for window in heard]
    assert 20 < sum(rings) < 120


def test_a_big_group_does_not_drown_a_small_one(tmp_path: Path) -> None:
    found = []
    for group, count in (("big", 30), ("small", 2)):
        for number in range(count):
            path = tmp_path / f"{group}{number}.wav"
            soundfile.write(path, TONE, 22_050)
            found.append(_recording(group, path=path))
    found += [_recording(f"other{i}", path=found[0].path) for i in range(20)]
    weights = {m.group: m.weight for m in load_material(found)}
    assert weights["big"] == pytest.approx(weights["small"] * np.sqrt(15), rel=0.01)


@given(shares=st.lists(st.floats(0.001, 100), min_size=1, max_size=30))
def test_no_source_drowns_the_others(shares: list[float]) -> None:
    given_shares = np.array(shares) / sum(shares)
    found = tamed(given_shares, LARGEST_SHARE_OF_GROUP)
    assert found.sum() == pytest.approx(1.0)
    # Never is a source of more heard less, and what is not cut keeps its proportions.
    assert (np.diff(found[np.argsort(given_shares, kind="stable")]) >= -1e-9).all()
    uncut = given_shares <= LARGEST_SHARE_OF_GROUP
    raised = found[uncut] / given_shares[uncut]
    assert np.allclose(raised, raised[:1])
    assert (raised <= LARGEST_RAISE + 1e-9).all()
    if np.minimum(given_shares, LARGEST_SHARE_OF_GROUP).sum() >= 1 / LARGEST_RAISE:
        assert found.max() <= LARGEST_SHARE_OF_GROUP * LARGEST_RAISE + 1e-9


def test_one_note_does_not_stand_in_for_a_source() -> None:
    found = tamed(np.array([0.9, 0.1]), LARGEST_SHARE_OF_GROUP)
    assert found == pytest.approx([0.85, 0.15])
    assert tamed(np.array([1.0]), LARGEST_SHARE_OF_GROUP) == pytest.approx([1.0])
    assert tamed(np.array([0.5, 0.5]), LARGEST_SHARE_OF_GROUP) == pytest.approx([0.5, 0.5])


def test_soundfonts_only_widen_what_real_recordings_say(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, TONE, 22_050)
    fonts = [_recording(f"font{i}", path=path, source=FONT) for i in range(20)]
    real = [_recording(f"real{i // 9}", path=path) for i in range(36)]
    weights = {m.group: m.weight for m in load_material([*fonts, *real])}
    rendered = sum(weight for group, weight in weights.items() if group.startswith("font"))
    assert rendered == pytest.approx(LARGEST_SHARE_OF_SOUNDFONTS)


def test_soundfonts_stand_in_where_there_is_next_to_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, TONE, 22_050)
    fonts = [_recording(f"font{i // 9}", path=path, source=FONT) for i in range(27)]
    weights = {m.group: m.weight for m in load_material([*fonts, _recording("real", path=path)])}
    assert weights["real"] < weights["font0"]


def test_real_recordings_of_other_instruments_are_heard_more_than_soundfonts(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, TONE, 22_050)

    def others(group: str, source: str) -> list[Recording]:
        one = _recording(group, instrument=None, kind="other", path=path, source=source)
        return [one] * 9

    fonts = [r for i in range(20) for r in others(f"font{i}", FONT)]
    real = [r for i in range(4) for r in others(f"real{i}", "someone")]
    material = load_pieces([*fonts, *real])
    share = sum(m.weight for m in material if m.group.startswith("font"))
    assert share == pytest.approx(LARGEST_SHARE_OF_SOUNDFONTS)
    assert sum(m.note_weight for m in material) == pytest.approx(1.0)
    assert not any(m.cropped for m in material)


def test_notes_alone_are_drawn_by_how_many_notes_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, TONE, 22_050)
    few = [_recording("few", path=path, kind="phrase") for _ in range(40)]
    few += [_recording("few", path=path)]
    many = [_recording("many", path=path) for _ in range(16)]
    found = {m.group: m for m in load_material([*few, *many])}
    assert found["few"].weight >= found["many"].weight
    assert found["few"].note_weight < found["many"].note_weight


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
    for fold in range(FOLDS):
        train, validation = split_groups(recordings, fold=fold)
        assert _groups(train).isdisjoint(_groups(validation))
        assert len({r.instrument for r in validation}) >= 20
        assert len({r.instrument for r in train}) == 28
