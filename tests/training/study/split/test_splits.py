"""The random and the grouped split: rules that hold for any corpus."""

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.study.clips import Clip, read_clips, write_clips
from timbrescope.training.study.split.splits import Split, make_split, read_split, write_split


def clip(number: int, *, instrument: str = "Piano", group: str = "g") -> Clip:
    return Clip(f"c/{number}@0", Path(f"{number}.wav"), 0.0, "h", instrument, group, "s", "c")


corpora = st.lists(
    st.tuples(st.sampled_from(NAMES[:4]), st.integers(0, 12)), min_size=1, max_size=120
).map(lambda rows: [clip(n, instrument=name, group=f"g{g}") for n, (name, g) in enumerate(rows)])


@given(corpora, st.sampled_from(["random", "grouped"]), st.integers(0, 5))
def test_every_clip_is_in_one_part_and_every_class_trains(
    clips: list[Clip], name: str, seed: int
) -> None:
    split = make_split(clips, name, seed=seed)
    assert set(split.parts) == {c.name for c in clips}
    if name == "random":
        trained = {c.instrument for c in split.of_part(clips, "train")}
        assert trained == {c.instrument for c in clips}


@given(corpora, st.integers(0, 5))
def test_no_group_lies_on_two_sides(clips: list[Clip], seed: int) -> None:
    split = make_split(clips, "grouped", seed=seed)
    sides = defaultdict(set)
    for c in clips:
        sides[c.group].add(split.parts[c.name])
    assert all(len(found) == 1 for found in sides.values())


@given(corpora, st.sampled_from(["random", "grouped"]))
def test_a_split_depends_on_the_clips_and_the_seed_only(clips: list[Clip], name: str) -> None:
    assert make_split(clips, name).parts == make_split(clips, name).parts


def test_shares_are_the_papers_where_the_corpus_allows() -> None:
    clips = [
        clip(n, instrument=NAMES[n % 28], group=f"g{n % 28}-{n // 280}") for n in range(28 * 200)
    ]
    for name in ("random", "grouped"):
        split = make_split(clips, name)
        shares = [len(split.of_part(clips, part)) / len(clips) for part in ("validation", "test")]
        assert all(0.08 <= share <= 0.13 for share in shares), (name, shares)


def test_a_class_with_few_groups_trains_first_then_is_tested() -> None:
    one = [clip(n, group="only") for n in range(9)]
    assert set(make_split(one, "grouped").parts.values()) == {"train"}
    two = [*one, *(clip(n, group="other") for n in range(9, 12))]
    split = make_split(two, "grouped")
    assert {c.group for c in split.of_part(two, "test")} == {"other"}
    assert split.summary(two)["validation"]["lacks"] == ["Piano"]  # type: ignore[index]


def test_the_random_split_of_neighbours_leaks_and_the_grouped_does_not() -> None:
    clips = [clip(n, group=f"recording {n // 20}") for n in range(200)]
    leaking = make_split(clips, "random")
    train = {c.group for c in leaking.of_part(clips, "train")}
    assert {c.group for c in leaking.of_part(clips, "test")} <= train


def test_splits_and_clips_come_back_from_disk(tmp_path: Path) -> None:
    clips = [clip(n, group=f"g{n % 7}, with a comma") for n in range(40)]
    split = make_split(clips, "grouped")
    write_split(split, tmp_path / "a" / "grouped.csv")
    assert read_split(tmp_path / "a" / "grouped.csv") == Split("grouped", dict(split.parts))
    write_clips(clips, tmp_path / "clips.csv")
    assert read_clips(tmp_path / "clips.csv") == clips


def test_bad_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "random.csv").write_text("clip,part\na,elsewhere\n", "utf-8")
    with pytest.raises(CorpusError, match="elsewhere"):
        read_split(tmp_path / "random.csv")
    with pytest.raises(CorpusError, match=r"clips\.csv"):
        read_clips(tmp_path / "clips.csv")
    with pytest.raises(CorpusError, match="no clips"):
        make_split([], "random")


def test_the_papers_counts_give_the_papers_parts() -> None:
    counts = dict.fromkeys(NAMES, 1511) | {"Harmonica": 131, "Cymbals": 208}
    counts["Piano"] += 42_311 - sum(counts.values())
    clips = [
        clip(n, instrument=name)
        for n, name in enumerate(name for name, count in counts.items() for _ in range(count))
    ]
    split = make_split(clips, "random")
    sizes = [len(split.of_part(clips, part)) for part in ("train", "validation", "test")]
    assert sizes == [33_848, 4_231, 4_232]
