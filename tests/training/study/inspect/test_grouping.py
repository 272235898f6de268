"""Groups from file names: what holds for any tree, and what the usual trees give."""

from collections import Counter, defaultdict
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.study.inspect.grouping import (
    LARGEST_BLOCK,
    Grouping,
    block_size,
    infer_groups,
)

ROOT = Path("/corpus")


def recording(inner: str, *, instrument: str = "Piano") -> Recording:
    return Recording(ROOT / inner, instrument, "phrase", "", "s", "train", "", float("nan"))


def grouped(*inner: str, seconds: float = 3.0, pattern: str | None = None) -> Grouping:
    return infer_groups(
        [recording(path) for path in inner],
        root=ROOT,
        corpus="c",
        pattern=pattern,
        length_of=lambda _: seconds,
    )


def sizes(grouping: Grouping) -> list[int]:
    return sorted(Counter(found.group for found in grouping.recordings).values())


def test_a_sub_folder_is_a_group() -> None:
    found = grouped("Piano/a/1.wav", "Piano/a/deep/2.wav", "Piano/b/1.wav", "Violin/a/1.wav")
    first, second, third, fourth = (r.group for r in found.recordings)
    assert first == second
    assert len({first, third, fourth}) == 3
    assert "sub-folders as groups in 2 of 2 classes" in found.remarks[0]


def test_numbered_pieces_of_three_seconds_form_blocks_in_the_order_of_their_numbers() -> None:
    names = [f"flute/{number}.wav" for number in range(200)]
    found = grouped(*names)
    by_group = defaultdict(list)
    for r in found.recordings:
        by_group[r.group].append(int(r.path.stem))
    assert len(by_group) == 20
    assert all(max(block) - min(block) == 9 for block in by_group.values())
    assert "blocks of consecutive numbers" in found.remarks[0]


def test_numbered_files_of_other_lengths_are_groups_of_their_own() -> None:
    found = grouped(*(f"flute/{number}.wav" for number in range(60)), seconds=1.2)
    assert sizes(found) == [1] * 60
    assert "single files as groups in 1 of 1 classes" in found.remarks[0]


def test_files_without_a_readable_length_are_groups_of_their_own() -> None:
    found = grouped(*(f"flute/{n}.wav" for n in range(60)), seconds=float("nan"))
    assert sizes(found) == [1] * 60


def test_takes_are_told_from_parts() -> None:
    names = [f"Piano/take{take}_{part:03d}.wav" for take in range(3) for part in range(5)]
    assert sizes(grouped(*names)) == [5, 5, 5]
    assert sizes(grouped(*names, seconds=9.0)) == [5, 5, 5]


def test_fewer_than_three_takes_are_no_groups() -> None:
    names = [f"Piano/take{take}_{part:03d}.wav" for take in range(2) for part in range(30)]
    assert sizes(grouped(*names, seconds=9.0)) == [1] * 60
    assert sizes(grouped(*names)) == [2] * 30


def test_a_stray_copy_does_not_turn_a_series_into_one_group() -> None:
    names = [f"Banjo/{number}.wav" for number in range(100)]
    found = grouped(*names, "Banjo/5 (copy).wav", "Banjo/intro.wav")
    assert max(sizes(found)) == 5
    assert len(sizes(found)) == 22


def test_a_pattern_groups_over_classes_and_counts_what_it_does_not_fit() -> None:
    found = grouped(
        "Piano/ann-1.wav", "Violin/ann-2.wav", "Violin/bob-1.wav", "Violin/x.wav",
        pattern=r"(ann|bob)-\d",
    )  # fmt: skip
    first, second, third, fourth = (r.group for r in found.recordings)
    assert first == second
    assert len({first, third, fourth}) == 3
    assert "does not fit 1 file," in found.remarks[0]


def test_an_optional_group_that_took_no_part_is_no_group() -> None:
    found = grouped("Piano/a.wav", "Piano/b.wav", pattern=r"(take)?")
    assert sizes(found) == [1, 1]


@pytest.mark.parametrize(("pattern", "said"), [("(", "no regular expression"), ("a", "capture")])
def test_a_useless_pattern_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        grouped("Piano/a.wav", pattern=pattern)


def test_lengths_are_asked_of_a_sample_only() -> None:
    asked: list[Path] = []

    def length(path: Path) -> float:
        asked.append(path)
        return 3.0

    recordings = [recording(f"flute/{n}.wav") for n in range(3719)]
    infer_groups(recordings, root=ROOT, corpus="c", length_of=length)
    assert len(asked) < 20


trees = st.lists(
    st.tuples(
        st.sampled_from(["Piano", "flute"]),
        st.sampled_from(["", "day 1/", "day 2/"]),
        st.sampled_from(["", "a", "take1_", "take2_", "b 7 "]),
        st.integers(0, 30),
        st.sampled_from(["", " (copy)"]),
    ),
    min_size=1,
    max_size=80,
    unique=True,
).map(lambda rows: [f"{a}/{b}{c}{d}{e}.wav" for a, b, c, d, e in rows])


@settings(max_examples=40)
@given(trees, st.sampled_from([3.0, 1.0]), st.randoms())
def test_every_file_has_a_group_whatever_the_order(
    names: list[str], seconds: float, random: Random
) -> None:
    found = grouped(*names, seconds=seconds)
    assert [r.path for r in found.recordings] == [ROOT / name for name in names]
    shuffled = random.sample(names, len(names))
    again = grouped(*shuffled, seconds=seconds)
    assert {r.path: r.group for r in found.recordings} == {
        r.path: r.group for r in again.recordings
    }


@settings(max_examples=40)
@given(trees, st.sampled_from([3.0, 1.0]))
def test_no_group_crosses_classes_or_sub_folders(names: list[str], seconds: float) -> None:
    places = defaultdict(set)
    for r in grouped(*names, seconds=seconds).recordings:
        inner = r.path.relative_to(ROOT)
        places[r.group].add(inner.parts[:-1])
    assert all(len(found) == 1 for found in places.values())


@given(st.integers(1, 20_000))
def test_blocks_are_about_a_twentieth_and_at_most_fifty(files: int) -> None:
    size = block_size(files)
    assert 1 <= size <= LARGEST_BLOCK
    assert size == LARGEST_BLOCK or files / size <= 20
    assert size == 1 or size == LARGEST_BLOCK or files / size > 10
