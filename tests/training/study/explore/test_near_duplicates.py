"""Clips that sound nearly the same are found, and copies are told from look-alikes."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from kaggle_tree import class_sound

from timbrescope.models.frontend import WINDOW_SAMPLES
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.explore import near_duplicates as module
from timbrescope.training.study.explore.near_duplicates import (
    THRESHOLD,
    NearDuplicates,
    NearPair,
    coarse,
    near_duplicates,
    unit,
)
from timbrescope.training.study.explore.waveforms import (
    SAME_RECORDING,
    check_waveforms,
    join_groups,
    read_window,
    shared_pairs,
    waveform_correlation,
)
from timbrescope.training.study.extract.extraction import clip_features


def sound(number: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng([seed, number])
    return class_sound(number, rng, samples=WINDOW_SAMPLES).astype(np.float32)


def picture(samples: np.ndarray) -> np.ndarray:
    return coarse(clip_features(samples)["mel"].astype(np.float32)[None])[0]


def similarity(first: np.ndarray, second: np.ndarray) -> float:
    return float(picture(first) @ picture(second))


def slow_counts(
    vectors: np.ndarray, groups: list[int], labels: list[int], threshold: float
) -> dict[str, int]:
    """Count pairs one by one."""
    found: Counter[str] = Counter()
    u = unit(vectors)
    for i in range(len(u)):
        for j in range(i + 1, len(u)):
            if u[i] @ u[j] >= threshold:
                same = "within a group" if groups[i] == groups[j] else "across groups"
                found["across classes" if labels[i] != labels[j] else same] += 1
    return {name: found[name] for name in module.RELATIONS}


class TestPictures:
    @pytest.mark.parametrize("number", [0, 9, 18])
    def test_a_copy_with_gain_shift_or_noise_looks_the_same(self, number: int) -> None:
        samples = sound(number)
        noise = np.random.default_rng(1).standard_normal(len(samples)).astype(np.float32)
        shifted = np.pad(samples, (0, 300))[300:]
        assert similarity(samples, samples * 0.2) > THRESHOLD
        assert similarity(samples, shifted) > THRESHOLD
        assert similarity(samples, samples + 0.05 * samples.std() * noise) > THRESHOLD

    def test_other_sounds_do_not(self) -> None:
        assert similarity(sound(0), sound(14)) < THRESHOLD

    def test_a_spectrogram_without_contrast_resembles_nothing(self) -> None:
        flat = coarse(np.full((2, 128, 130), -80, dtype=np.float32))
        assert not flat.any()
        assert flat[0] @ flat[1] == 0


vectors = st.integers(0, 2**32 - 1).map(
    lambda seed: (
        np.repeat(np.random.default_rng(seed).standard_normal((12, 8)), 5, axis=0)
        + 0.1 * np.random.default_rng(seed + 1).standard_normal((60, 8))
    )
)


@settings(max_examples=25)
@given(vectors, st.integers(1, 20))
def test_counts_are_those_of_comparing_one_by_one(found: np.ndarray, chunk: int) -> None:
    found = found.astype(np.float32)
    groups, labels = [n // 3 for n in range(60)], [n // 7 for n in range(60)]
    names = [f"c{n}" for n in range(60)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CLIPS_COMPARED", chunk)
        near = near_duplicates(found, names, list(map(str, groups)), labels, threshold=0.9)
    assert near.pairs == slow_counts(found, groups, labels, 0.9)
    assert all(pair.similarity >= 0.8999 for pair in near.examples)


def test_clips_and_examples_by_relation() -> None:
    base = np.eye(8, dtype=np.float32)
    found = base[[0, 0, 0, 1, 2, 2]]
    near = near_duplicates(
        found, list("abcdef"), ["g", "g", "h", "h", "i", "j"], [0, 0, 0, 0, 1, 2]
    )
    assert near.pairs == {"within a group": 1, "across groups": 2, "across classes": 1}
    assert near.clips == {"within a group": 2, "across groups": 3, "across classes": 2}
    assert [(p.first, p.second, p.relation) for p in near.examples] == [
        ("a", "b", "within a group"),
        ("a", "c", "across groups"),
        ("e", "f", "across classes"),
    ]
    assert near.groups == {"within a group": 1, "across groups": 1, "across classes": 1}
    assert near.compared == 6


def test_no_clips_are_no_pairs() -> None:
    near = near_duplicates(np.empty((0, 4), dtype=np.float32), [], [], [])
    assert set(near.pairs.values()) == {0}


def clip(path: Path, *, group: str, start_s: float = 0.0, instrument: str = "Piano") -> Clip:
    return Clip(path.name, path, start_s, path.name, instrument, group, "s", "c")


def near_of(*pairs: NearPair) -> NearDuplicates:
    return NearDuplicates(THRESHOLD, 0, {}, {}, {}, pairs)


class TestWaveforms:
    def test_a_shifted_copy_correlates_and_another_sound_does_not(self) -> None:
        samples = sound(3)
        assert waveform_correlation(samples, -0.3 * np.roll(samples, 4000)) > SAME_RECORDING
        assert waveform_correlation(samples, sound(7)) < SAME_RECORDING
        assert waveform_correlation(samples, np.zeros_like(samples)) == 0

    def test_only_copies_in_two_groups_are_joined(self, tmp_path: Path) -> None:
        clips = []
        for name, samples in {"a": sound(1), "b": sound(1) * 0.5, "c": sound(4)}.items():
            soundfile.write(tmp_path / f"{name}.wav", samples, 22_050)
            clips.append(clip(tmp_path / f"{name}.wav", group=f"g{name}"))
        near = near_of(
            NearPair("a.wav", "b.wav", "across groups", 1.0),
            NearPair("a.wav", "c.wav", "across groups", 0.98),
            NearPair("b.wav", "c.wav", "across classes", 0.98),
            NearPair("b.wav", "gone.wav", "across groups", 0.98),
        )
        checked = check_waveforms(near, clips)
        assert shared_pairs(checked) == [replace(near.examples[0], waveform=1.0)]
        assert checked.examples[3].waveform is None
        assert [c.group for c in join_groups(clips, checked)] == ["ga", "ga", "gc"]
        assert join_groups(clips, near) == clips

    def test_groups_are_joined_over_a_third(self) -> None:
        clips = [clip(Path(f"{n}.wav"), group=f"g{n}") for n in range(4)]
        near = near_of(
            *(
                NearPair(f"{a}.wav", f"{b}.wav", "across groups", 1.0, 0.99)
                for a, b in ((3, 2), (1, 2))
            )
        )
        assert [c.group for c in join_groups(clips, near)] == ["g0", "g1", "g1", "g1"]

    def test_a_clip_beyond_the_end_is_said(self, tmp_path: Path) -> None:
        soundfile.write(tmp_path / "a.wav", sound(1), 22_050)
        with pytest.raises(CorpusError, match="ends before the clip at 6 s"):
            read_window(clip(tmp_path / "a.wav", group="g", start_s=6.0))
