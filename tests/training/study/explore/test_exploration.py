"""The description of the corpora of a study, and its way to disk and back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaggle_tree import make_kaggle_tree

from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import COLUMNS, write_manifest
from timbrescope.training.study.explore.exploration import Exploration, distribution, explore
from timbrescope.training.study.explore.near_duplicates import NearDuplicates, NearPair
from timbrescope.training.study.explore.records import read_exploration, write_exploration
from timbrescope.training.study.inspect.corpora import open_corpora
from timbrescope.training.study.inspect.inspection import inspect
from timbrescope.training.study.inspect.rows import usable

NEAR = NearDuplicates(
    0.975,
    81,
    {"within a group": 3, "across groups": 2, "across classes": 1},
    {"within a group": 4, "across groups": 3, "across classes": 2},
    {"within a group": 1, "across groups": 2, "across classes": 1},
    (
        NearPair("tree/Piano/1.wav@0", "tree/flute/1.wav@0", "across groups", 0.99, 0.97),
        NearPair("tree/Piano/1.wav@0", "elsewhere", "across groups", 0.99, 0.96),
        NearPair("a", "c", "across groups", 0.98, 0.2),
    ),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Exploration:
    root = tmp_path_factory.mktemp("explored")
    tree = make_kaggle_tree(
        root / "tree", clips_per_class=3, corrupt=2, silent=1, conflicting=1, duplicates=1
    )
    row = dict.fromkeys(COLUMNS, "") | {"kind": "phrase", "seconds": "3", "group": "g"}
    write_manifest(
        [
            row | {"path": "tree/Piano/1.wav", "instrument": "Piano", "split": "dev"},
            row | {"path": "tree/flute/1.wav", "instrument": "Flute", "split": "train"},
        ],
        root / "manifest.csv",
    )
    corpora = open_corpora([str(tree.root), str(root / "manifest.csv")], cache=root)
    rows = inspect(corpora, table=root / "i.csv", workers=1)
    return explore(rows, usable(rows), corpora, near=NEAR)


def test_sets_are_corpora_and_their_other_splits(found: Exploration) -> None:
    assert [facts.name for facts in found.sets] == ["tree", "explored0", "explored0-dev"]
    tree = found.sets[0]
    assert (tree.layout, tree.files, tree.used, tree.clips) == ("kaggle", 28 * 3 + 5, 83, 83)
    assert tree.seconds == pytest.approx(83 * 3)
    assert [facts.instrument for facts in tree.classes] == list(NAMES)
    accordion = tree.classes[0]
    assert (accordion.files, accordion.clips, accordion.left_out) == (3, 3, 2)
    assert tree.lengths_s.quantiles["0.5"] == 3
    assert sum(tree.levels_dbfs.counts) == 83
    assert tree.formats[0].rate_hz == 22_050
    assert len(tree.differences) == 28


def test_what_is_left_out_is_counted_and_named(found: Exploration) -> None:
    counts = {entry.reason: entry.count for entry in found.sets[0].left_out}
    assert counts == {"corrupt": 2, "silent": 1, "duplicate": 1, "conflicting duplicate": 2}
    corrupt = found.sets[0].left_out[0]
    assert [file.path for file in corrupt.files] == ["Accordion/3.wav", "Accordion/4.wav"]
    assert corrupt.files[0].detail


def test_copies_in_another_corpus_are_stated_apart(found: Exploration) -> None:
    assert found.across_sets.count == 2
    assert {file.path for file in found.across_sets.files} == {
        "tree/Piano/1.wav",
        "tree/flute/1.wav",
    }
    assert found.sets[2].used == 0


def test_every_class_has_an_example_of_median_level(found: Exploration) -> None:
    assert [example.instrument for example in found.examples] == list(NAMES)
    assert all(example.clip.startswith("tree/") for example in found.examples)


def test_only_checked_copies_count_as_shared(found: Exploration) -> None:
    assert found.shared_groups == 2
    assert found.shared_sets == 1


def test_to_disk_and_back(found: Exploration, tmp_path: Path) -> None:
    path = tmp_path / "corpus" / "exploration.json"
    write_exploration(found, path)
    assert read_exploration(path) == found
    assert "NaN" not in path.read_text()
    assert "Infinity" not in path.read_text()


@pytest.mark.parametrize("content", [None, "{", "{}", '{"sets": [{"name": "a"}]}'])
def test_a_damaged_file_says_which_step_to_run(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "exploration.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CorpusError, match="explore"):
        read_exploration(path)


@given(st.lists(st.floats(-200, 1000), max_size=50))
def test_a_histogram_loses_no_value(values: list[float]) -> None:
    found = distribution(values, edges=(0.0, 1.0, 10.0))
    assert sum(found.counts) == len(values)
    assert len(found.edges) == len(found.counts) + 1
    if values:
        assert found.quantiles["0"] == pytest.approx(min(values), abs=1e-3)
        assert found.quantiles["1"] == pytest.approx(max(values), abs=1e-3)
