"""Every file is looked at once, and whatever is wrong with it is a reason in a table."""

import csv
import math
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from kaggle_tree import KaggleTree, make_kaggle_tree

from timbrescope.models.audio.decode import open_audio
from timbrescope.models.errors import AudioFileError
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.study.inspect import inspection
from timbrescope.training.study.inspect.corpora import Corpus, open_corpus
from timbrescope.training.study.inspect.duplicates import across_sets, mark_duplicates
from timbrescope.training.study.inspect.inspection import FileState, inspect, measure_files
from timbrescope.training.study.inspect.measuring import LOWEST_DBFS, MeasuredFile, measure
from timbrescope.training.study.inspect.rows import (
    COLUMNS,
    PROBLEMS,
    Inspected,
    read_inspected,
    usable,
)

RATE_HZ = 22_050


def tone(seconds: float, *, level: float = 0.5, rate_hz: int = RATE_HZ) -> np.ndarray:
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    return level * math.sqrt(2) * np.sin(2 * np.pi * 441 * time)


def write(path: Path, samples: np.ndarray, rate_hz: int = RATE_HZ, subtype: str = "PCM_16") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate_hz, subtype=subtype)
    return path


class TestMeasure:
    def test_levels_are_those_of_the_tone(self, tmp_path: Path) -> None:
        found = measure(write(tmp_path / "a.wav", tone(7, level=0.1)))
        assert found.seconds == pytest.approx(7)
        assert found.rms_dbfs == pytest.approx(-20, abs=0.02)
        assert found.peak_dbfs == pytest.approx(-17, abs=0.05)
        assert found.levels_dbfs in {(-20, -20, -20), (-21, -21, -21)}
        assert (found.rate_hz, found.channels, found.problem) == (RATE_HZ, 1, "")

    def test_the_sound_in_another_container_has_the_same_fingerprint(self, tmp_path: Path) -> None:
        samples = np.rint(tone(1) * 32_000).astype(np.int16)
        wav = measure(write(tmp_path / "a.wav", samples))
        flac = measure(write(tmp_path / "a.flac", samples))
        stereo = measure(write(tmp_path / "s.wav", np.stack([samples, samples], axis=1)))
        assert wav.fingerprint == flac.fingerprint == stereo.fingerprint
        assert len({wav.sha256, flac.sha256, stereo.sha256}) == 3
        assert (wav.channels, stereo.channels) == (1, 2)

    def test_the_same_samples_at_another_rate_are_another_sound(self, tmp_path: Path) -> None:
        samples = tone(1)
        slow = measure(write(tmp_path / "a.wav", samples))
        fast = measure(write(tmp_path / "b.wav", samples, rate_hz=44_100))
        assert slow.fingerprint != fast.fingerprint

    def test_silent_windows_count(self, tmp_path: Path) -> None:
        samples = np.concatenate([tone(3), np.zeros(3 * RATE_HZ), tone(3, level=1e-4)])
        found = measure(write(tmp_path / "a.wav", samples, subtype="FLOAT"))
        assert found.silent_share == pytest.approx(2 / 3)
        assert found.levels_dbfs[1] == LOWEST_DBFS
        assert found.problem == ""

    def test_clipping_is_counted(self, tmp_path: Path) -> None:
        found = measure(write(tmp_path / "a.wav", np.clip(3 * tone(3), -1, 1)))
        assert 0.3 < found.clipped_share < 1

    @pytest.mark.parametrize(
        ("samples", "problem", "said"),
        [
            (np.zeros(3 * RATE_HZ), "silent", "digital silence"),
            (tone(3, level=1e-4), "silent", "dBFS"),
            (tone(0.05), "too short", "0.050 s"),
            (np.zeros(0), "corrupt", "a header but no sound"),
            (np.full(RATE_HZ, np.nan), "corrupt", "not a number at 0.000 s"),
        ],
    )
    def test_what_cannot_be_used(
        self, tmp_path: Path, samples: np.ndarray, problem: str, said: str
    ) -> None:
        found = measure(write(tmp_path / "a.wav", samples, subtype="FLOAT"))
        assert found.problem == problem
        assert said in found.detail

    @pytest.mark.parametrize("content", [b"", b"RIFF this is no audio"])
    def test_what_is_no_audio(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "a.wav"
        path.write_bytes(content)
        found = measure(path)
        assert found.problem == "corrupt"
        assert found.sha256
        assert str(tmp_path) not in found.detail

    def test_what_is_not_there(self, tmp_path: Path) -> None:
        found = measure(tmp_path / "gone.wav")
        assert (found.problem, found.sha256) == ("corrupt", "")

    def test_what_the_product_does_not_open_is_no_clip(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.wav", tone(4))
        path.write_bytes(path.read_bytes()[:-60_000])
        refusal = ""
        try:
            open_audio(path).__exit__(None, None, None)
        except AudioFileError as error:
            refusal = str(error)
        found = measure(path)
        assert (found.problem == "corrupt") == bool(refusal)
        assert refusal in found.detail

    def test_a_file_that_breaks_off_is_used_as_far_as_it_goes(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.flac", np.random.default_rng(0).uniform(-0.5, 0.5, 6 * RATE_HZ))
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        found = measure(path)
        assert found.problem == ""
        assert 2.5 < found.seconds < 3.0
        assert "cut short: its header announces 6.00 s" in found.detail


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> KaggleTree:
    return make_kaggle_tree(
        tmp_path_factory.mktemp("tree"),
        clips_per_class=3,
        corrupt=2,
        silent=1,
        short=1,
        duplicates=2,
        conflicting=1,
    )


@pytest.fixture(scope="module")
def corpus(tree: KaggleTree) -> Corpus:
    return open_corpus(str(tree.root), cache=tree.root)


@pytest.fixture(scope="module")
def rows(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> list[Inspected]:
    return inspect([corpus], table=tmp_path_factory.mktemp("out") / "i.csv", workers=1)


def test_every_spoilt_file_is_left_out_for_its_reason(
    tree: KaggleTree, rows: list[Inspected]
) -> None:
    reasons = {row.file: row.problem for row in rows if row.problem}
    expected = {
        "corrupt": tree.corrupt,
        "silent": tree.silent,
        "too short": tree.short,
        "duplicate": tree.duplicates,
        "conflicting duplicate": (*tree.conflicting, tree.root / "Piano" / "0.wav"),
    }
    assert set(expected) == set(PROBLEMS)
    assert reasons == {path: why for why, paths in expected.items() for path in paths}
    assert len(rows) == 28 * 3 + 7


def test_a_copy_names_the_file_that_is_kept(rows: list[Inspected]) -> None:
    by_path = {row.path: row for row in rows}
    copy = by_path["Dobro/3.wav"]
    assert copy.same_as == by_path["Dobro/0.wav"].name
    assert "same bytes" in copy.detail
    assert by_path["Dobro/0.wav"].used
    assert "Organ" in by_path["Piano/0.wav"].detail


def test_the_usable_files_become_clips(rows: list[Inspected]) -> None:
    clips = usable(rows)
    assert len(clips) == 28 * 3 - 1
    assert len({clip.name for clip in clips}) == len(clips)
    first = clips[0]
    assert first.path.is_file()
    assert first.name == f"{first.corpus}/Accordion/0.wav@0"


def test_silent_windows_are_no_clips(tmp_path: Path) -> None:
    samples = np.concatenate([tone(3), np.zeros(3 * RATE_HZ), tone(1)])
    write(tmp_path / "in" / "Piano" / "a.wav", samples)
    corpus = open_corpus(str(tmp_path / "in"), cache=tmp_path)
    found = inspect([corpus], table=tmp_path / "i.csv", workers=1)
    assert [clip.start_s for clip in usable(found)] == [0, 4]


def test_the_table_holds_the_rows(rows: list[Inspected], corpus: Corpus, tmp_path: Path) -> None:
    table = tmp_path / "i.csv"
    again = inspect([corpus], table=table, workers=1)
    assert again == rows
    stored = read_inspected(table)
    assert [replace(row, measured=MeasuredFile()) for row in stored] == [
        replace(row, measured=MeasuredFile()) for row in rows
    ]
    assert usable(stored) == usable(rows)
    with table.open(newline="") as file:
        assert tuple(next(csv.reader(file))) == COLUMNS


def test_the_work_can_go_to_another_process(corpus: Corpus) -> None:
    path = corpus.recordings[0].path
    work, task = pickle.loads(pickle.dumps((measure_files, (FileState(path, 1, 2),))))
    assert pickle.loads(pickle.dumps(work(task))) == ((f"{path}|1|2", measure(path)),)


def test_a_missing_table_says_which_step_to_run(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="inspect"):
        read_inspected(tmp_path / "none.csv")


class TestGoingOn:
    @pytest.fixture
    def measured(self, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
        """The files that are looked at, as they are."""
        seen: list[Path] = []

        def counting(path: Path) -> MeasuredFile:
            seen.append(path)
            return measure(path)

        monkeypatch.setattr(inspection, "measure", counting)
        return seen

    def corpus(self, root: Path, *, files: int = 60) -> Corpus:
        if not root.exists():
            for number in range(files):
                write(root / "Piano" / f"{number}.wav", tone(0.2, level=0.1 + number / 100))
        return open_corpus(str(root), cache=root)

    def test_only_new_and_changed_files_are_looked_at(
        self, tmp_path: Path, measured: list[Path]
    ) -> None:
        table, root = tmp_path / "i.csv", tmp_path / "in"
        inspect([self.corpus(root)], table=table, workers=1)
        assert len(measured) == 60
        inspect([self.corpus(root)], table=table, workers=1)
        assert len(measured) == 60
        changed = write(root / "Piano" / "7.wav", tone(0.3))
        new = write(root / "Piano" / "new.wav", tone(0.4))
        found = inspect([self.corpus(root)], table=table, workers=1)
        assert sorted(measured[60:]) == sorted([changed, new])
        assert {row.path: row.measured.seconds for row in found}["Piano/7.wav"] == 0.3

    def test_an_interrupted_run_keeps_what_it_measured(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        table, root = tmp_path / "i.csv", tmp_path / "in"
        corpus = self.corpus(root)

        def interrupted(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            inspect([corpus], table=table, workers=1, progress=interrupted)
        told: list[tuple[int, int]] = []
        found = inspect(
            [corpus], table=table, workers=1, progress=lambda *state: told.append(state)
        )
        assert told[-1] == (60 - inspection.FILES_PER_TASK,) * 2
        assert len(found) == 60

    def test_a_line_that_was_cut_off_is_measured_again(
        self, tmp_path: Path, measured: list[Path]
    ) -> None:
        table, root = tmp_path / "i.csv", tmp_path / "in"
        first = inspect([self.corpus(root, files=3)], table=table, workers=1)
        working = table.with_suffix(".jsonl")
        working.write_bytes(working.read_bytes()[:-40])
        second = inspect([self.corpus(root)], table=table, workers=1)
        assert len(measured) == 4
        assert second == first

    def test_files_that_are_gone_leave_the_working_file(self, tmp_path: Path) -> None:
        table, root = tmp_path / "i.csv", tmp_path / "in"
        inspect([self.corpus(root, files=3)], table=table, workers=1)
        (root / "Piano" / "0.wav").unlink()
        inspect([self.corpus(root)], table=table, workers=1)
        assert len(table.with_suffix(".jsonl").read_text().splitlines()) == 2


def row(name: str, sound: str, *, instrument: str = "Piano", split: str = "train") -> Inspected:
    measured = MeasuredFile(sha256=sound + name, fingerprint=sound, seconds=3.0, levels_dbfs=(-20,))
    return Inspected("c", Path("/c"), name, instrument, "g", "s", split, measured)


class TestDuplicates:
    def test_the_copy_to_train_with_is_kept(self) -> None:
        rows = [row("a", "x", split="dev"), row("b", "x"), row("c", "y")]
        first, second, third = mark_duplicates(rows)
        assert (first.problem, second.problem, third.problem) == ("duplicate", "", "")
        assert "same samples as c/b" in first.detail
        assert across_sets([first, second, third]) == [first]

    def test_copies_within_a_set_cross_no_sets(self) -> None:
        assert across_sets(mark_duplicates([row("a", "x"), row("b", "x")])) == []

    def test_no_copy_with_two_labels_is_kept(self) -> None:
        rows = [row("a", "x"), row("b", "x"), row("c", "x", instrument="Organ"), row("d", "y")]
        found = mark_duplicates(rows)
        assert [r.problem for r in found] == ["conflicting duplicate"] * 3 + [""]
        assert all(r.same_as for r in found[:3])

    def test_files_left_out_for_another_reason_are_no_copies(self) -> None:
        silent = [replace(row(name, "x"), problem="silent") for name in "ab"]
        assert mark_duplicates(silent) == silent
        corrupt = [replace(row(name, ""), problem="corrupt") for name in "ab"]
        assert mark_duplicates(corrupt) == corrupt


def test_the_development_corpus_has_no_copies(shared_audio: Path, tmp_path: Path) -> None:
    corpus = open_corpus(str(shared_audio), cache=tmp_path)
    few = replace(corpus, recordings=corpus.recordings[::100])
    found = inspect([few], table=tmp_path / "i.csv", workers=1)
    assert not [row for row in found if "duplicate" in row.problem or row.problem == "corrupt"]
    assert {row.measured.rate_hz for row in found} == {RATE_HZ}
