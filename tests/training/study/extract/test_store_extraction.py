"""The feature store and the extraction into it: streamed, resumable, the same everywhere."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.models.audio.decode import read_mono
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES, features_of_kinds
from timbrescope.training.study import tasks as scheduler
from timbrescope.training.study.clips import Clip, starts_s
from timbrescope.training.study.extract import extraction
from timbrescope.training.study.extract.extraction import (
    extract,
    extract_files,
    tasks,
)
from timbrescope.training.study.extract.store import (
    FeatureStore,
    FeatureStoreError,
    clip_key,
    stored_type,
)
from timbrescope.training.study.tasks import SchedulerError


def write_tone(path: Path, *, seconds: float, hz: float = 440.0, rate_hz: int = 22_050) -> Path:
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    noise = 0.01 * np.random.default_rng(int(hz)).standard_normal(len(time_s))
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * hz * time_s) + noise, rate_hz)
    return path


def clips_of(path: Path, *, seconds: float, sha256: str) -> list[Clip]:
    return [
        Clip(f"c/{path.name}@{s}", path, s, sha256, "Piano", f"g-{path.stem}", "src", "c")
        for s in starts_s(seconds)
    ]


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    found: list[Clip] = []
    for number, seconds in enumerate((7.0, 3.0, 0.8, 64.0)):
        path = write_tone(tmp_path / f"{number}.wav", seconds=seconds, hz=300 + 100 * number)
        found += clips_of(path, seconds=seconds, sha256=f"hash-{number}")
    return found


def test_stored_features_are_those_of_the_front_end(tmp_path: Path, clips: list[Clip]) -> None:
    store = FeatureStore(tmp_path / "cache")
    report = extract(clips, store, workers=1)
    assert (report.found, report.extracted, report.failures) == (0, len(clips), ())
    chosen = [clips[-1], clips[0], clips[4]]
    mel = store.table(chosen, kind="mel")
    mean = store.table(chosen, kind="mean")
    assert mel.shape == (3, 128, 130)
    for row, clip in enumerate(chosen):
        samples = read_mono(clip.path)[round(clip.start_s * SAMPLE_RATE_HZ) :][:WINDOW_SAMPLES]
        expected = features_of_kinds(np.pad(samples, (0, WINDOW_SAMPLES - len(samples))))
        got = mel[np.array([row])][0]
        assert np.array_equal(got, expected["mel"].astype(stored_type("mel")))
        assert np.allclose(mean[row : row + 1][0], expected["mfcc"].mean(axis=1), atol=1e-4)


def test_a_second_call_extracts_nothing_and_a_new_store_finds_everything(
    tmp_path: Path, clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    extract(clips, FeatureStore(tmp_path), workers=1)
    monkeypatch.setattr(extraction, "features_of_kinds", lambda _window: pytest.fail("again"))
    again = FeatureStore(tmp_path)
    report = extract(clips, again, workers=1)
    assert (report.found, report.extracted) == (len(clips), 0)
    assert len(again) == len(clips)


def test_a_renamed_file_is_found_by_its_hash(tmp_path: Path, clips: list[Clip]) -> None:
    store = FeatureStore(tmp_path / "cache")
    extract(clips[:3], store, workers=1)
    moved = clips_of(tmp_path / "moved.wav", seconds=7.0, sha256="hash-0")
    assert not store.missing(moved)


def test_what_was_finished_before_a_break_is_kept(
    tmp_path: Path, clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "CLIPS_PER_TASK", 3)

    def broken(work: object, listed: Iterator[object], **_: object) -> Iterator[object]:
        yield extract_files(next(listed))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(extraction, "run_tasks", broken)
        with pytest.raises(KeyboardInterrupt):
            extract(clips, FeatureStore(tmp_path), workers=1)
    store = FeatureStore(tmp_path)
    assert 0 < len(store) < len(clips)
    report = extract(clips, store, workers=1)
    assert report.found + report.extracted == len(clips)


def test_an_unreadable_file_is_reported_and_the_others_are_extracted(
    tmp_path: Path, clips: list[Clip]
) -> None:
    clips[0].path.write_bytes(b"no sound at all")
    store = FeatureStore(tmp_path / "cache")
    report = extract(clips, store, workers=1)
    assert [path for path, _ in report.failures] == [clips[0].path]
    assert clip_key(clips[0]) not in store
    assert clip_key(clips[-1]) in store
    with pytest.raises(FeatureStoreError, match="extract"):
        store.table(clips, kind="mel")


def test_two_processes_store_what_one_does(tmp_path: Path, clips: list[Clip]) -> None:
    one, two = FeatureStore(tmp_path / "one"), FeatureStore(tmp_path / "two")
    extract(clips, one, workers=1)
    told: list[tuple[int, int]] = []
    extract(clips, two, workers=2, progress=lambda done, total: told.append((done, total)))
    for kind in ("mel", "mfcc", "mean"):
        expected = one.table(clips, kind=kind)[:]
        assert np.array_equal(expected, two.table(clips, kind=kind)[:])
    assert told[-1] == (len(clips), len(clips))


def test_a_dask_cluster_of_two_workers_stores_what_one_process_does(
    tmp_path: Path, clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(extraction, "CLIPS_PER_TASK", 3)
    one, two = FeatureStore(tmp_path / "one"), FeatureStore(tmp_path / "two")
    extract(clips, one, workers=1)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        report = extract(clips, two, workers=1, scheduler=cluster.scheduler_address)
    assert report.extracted == len(clips)
    for kind in ("mel", "mfcc", "mean"):
        expected = one.table(clips, kind=kind)[:]
        assert np.array_equal(expected, two.table(clips, kind=kind)[:])


def test_a_scheduler_that_does_not_answer_is_named(
    tmp_path: Path, clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(scheduler, "CONNECT_TIMEOUT_S", 1)
    with pytest.raises(SchedulerError, match=r"tcp://127\.0\.0\.1:1"):
        extract(clips, FeatureStore(tmp_path), workers=1, scheduler="tcp://127.0.0.1:1")


def test_a_segment_that_a_worker_wrote_elsewhere_is_refused(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path)
    store.prepare()
    with pytest.raises(FeatureStoreError, match="all workers share"):
        store.commit("0123456789ab", [("hash", 0)])
    assert len(FeatureStore(tmp_path)) == 0


def test_an_unfinished_segment_does_not_count(tmp_path: Path, clips: list[Clip]) -> None:
    store = FeatureStore(tmp_path)
    extract(clips, store, workers=1)
    for path in store.folder.glob("????????????.json"):
        path.unlink()
    assert len(FeatureStore(tmp_path)) == 0


def test_tasks_hold_whole_files_and_every_window_once(clips: list[Clip]) -> None:
    made = tasks(reversed(clips), folder=Path("store"))
    listed = [file for task in made for file in task.files]
    assert [file.sha256 for file in listed] == [f"hash-{n}" for n in range(4)]
    assert sum(len(file.numbers) for file in listed) == len(clips)
    assert listed[0].numbers == tuple(range(len(starts_s(7.0))))


def test_starts_cover_a_file() -> None:
    assert starts_s(9.0) == [0.0, WINDOW_S, 2 * WINDOW_S]
    assert starts_s(0.2) == [0.0]
    assert starts_s(3.4) == [0.0]
    assert starts_s(3.5) == [0.0, pytest.approx(0.5)]
    assert starts_s(7.0) == [0.0, 3.0, pytest.approx(4.0)]


@pytest.mark.parametrize("seconds", [0.2, 3.0, 3.5, 6.0, 7.25, 8.9, 64.0])
def test_clips_are_numbered_in_their_order(seconds: float) -> None:
    clips = clips_of(Path("a.wav"), seconds=seconds, sha256="hash")
    assert [clip.number for clip in clips] == list(range(len(clips)))
