import csv
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.models.instruments import index_of
from timbrescope.training.corpus.recordings import write_manifest
from timbrescope.training.features import prepare as preparing
from timbrescope.training.features.cache import (
    PAPER_FOLD,
    FeatureCacheError,
    SetPart,
    current_folder,
    load_features,
    load_set,
)
from timbrescope.training.features.prepare import Prepared, gather, plan, prepare_features
from timbrescope.training.features.shards import Job
from timbrescope.training.labels import BACKGROUND_LABEL
from timbrescope.training.windows.background import WINDOWS_OF_KIND
from timbrescope.training.windows.recipe import Recipe
from timbrescope.training.windows.split import FOLDS, split_background


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    rng = np.random.default_rng(1)
    rows = []

    def add(name: str, instrument: str, group: str, *, kind: str, split: str) -> None:
        soundfile.write(folder / name, rng.uniform(-0.5, 0.5, 30_000), 22_050)
        rows.append(
            {
                "path": name,
                "instrument": instrument,
                "source": group,
                "group": group,
                "kind": kind,
                "split": split,
                "seconds": "20",
                "licence": "CC0",
                "origin": "",
            }
        )

    for instrument in ("Violin", "Cowbell"):
        for group in "abc":
            add(
                f"{instrument}{group}.wav",
                instrument,
                group + instrument,
                kind="note",
                split="train",
            )
    add("dev.wav", "Banjo", "dev", kind="note", split="dev")
    add("noise.wav", "", "noise", kind="noise", split="train")
    write_manifest(rows, folder / "manifest.csv")
    return folder


def _prepare(corpus: Path, cache: Path, *, seed: int = 1) -> Prepared:
    recipe = Recipe(per_class=3, validation_per_class=2, variants=2, recorded_share=0.0, seed=seed)
    return prepare_features([corpus], cache, recipe=recipe, workers=1)


def test_features_are_stored_per_part_and_come_back(corpus: Path, tmp_path: Path) -> None:
    prepared = _prepare(corpus, tmp_path / "cache")
    whole = load_set(prepared.folder, part="train")
    of_each = [index_of("Cowbell")] * 6 + [index_of("Violin")] * 6
    assert whole.labels[whole.labels < BACKGROUND_LABEL].tolist() == of_each
    mel, labels, groups = load_features(tmp_path / "cache", kind="mel", part="train")
    # A row for each window whose group does not validate.
    trains = load_set(prepared.folder, part="train", fold=PAPER_FOLD)
    assert labels.tolist() == trains.labels[trains.labels < BACKGROUND_LABEL][::2].tolist()
    assert mel.shape == (len(groups), 128, 130)
    assert float(mel.max()) == 0.0
    assert float(mel.min()) >= -80.0
    mfcc, _, held = load_features(tmp_path / "cache", kind="mfcc", part="validation")
    assert mfcc.shape == (4, 40, 130)
    assert set(groups).isdisjoint(held)
    assert prepared.parts["train"].windows["Violin"] == 6
    assert prepared.parts["train"].windows["Banjo"] == 0


def test_every_group_trains_except_in_the_folds_that_hold_it_out(
    corpus: Path, tmp_path: Path
) -> None:
    prepared = _prepare(corpus, tmp_path / "cache")
    judged = set()
    for fold in range(FOLDS):
        trains, validates = (
            load_set(prepared.folder, part=part, fold=fold) for part in ("train", "validation")
        )
        assert set(trains.groups).isdisjoint(validates.groups)
        judged |= set(validates.groups)
    assert judged
    assert judged == set(load_set(prepared.folder, part="validation").groups)


def test_windows_of_all_groups_are_planned_to_train_on(corpus: Path) -> None:
    recordings = gather([corpus], Path("nowhere"))
    jobs = plan(recordings, Path("f"), recipe=Recipe())
    groups = {r.group for job in jobs["train"] for r in job.recordings}
    assert groups == {r.group for r in recordings if r.kind != "ir"}


def test_what_validates_has_only_noises_of_its_fold_around_it(corpus: Path) -> None:
    recordings = gather([corpus], Path("nowhere"))
    for job in plan(recordings, Path("f"), recipe=Recipe())["validation"]:
        (bit,) = {bits for _, bits in job.held_by}
        folds = [set(split_background(recordings, fold=fold)[1]) for fold in range(FOLDS)]
        assert set(job.background) <= folds[bit.bit_length() - 1]


def test_each_window_says_whether_it_holds_a_note(corpus: Path, tmp_path: Path) -> None:
    prepared = _prepare(corpus, tmp_path / "cache")
    whole = load_set(prepared.folder, part="validation")
    # Half of those of each fold and instrument, and a row for each variant.
    assert whole.ways == ["phrase", "phrase", "note", "note"] * FOLDS * 2


def test_the_same_settings_are_not_computed_twice(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _prepare(corpus, tmp_path / "cache")
    monkeypatch.setattr(preparing, "make_shard", lambda _: pytest.fail("made again"))
    assert _prepare(corpus, tmp_path / "cache") == first


def test_other_settings_get_another_key_and_become_current(corpus: Path, tmp_path: Path) -> None:
    first = _prepare(corpus, tmp_path / "cache")
    second = _prepare(corpus, tmp_path / "cache", seed=2)
    assert first.key != second.key
    assert current_folder(tmp_path / "cache") == second.folder


def test_an_interrupted_run_goes_on_with_the_shards_it_has(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(preparing, "assemble", interrupted)
        with pytest.raises(KeyboardInterrupt):
            _prepare(corpus, cache)
    with pytest.raises(FeatureCacheError, match="prepare"):
        load_features(cache, kind="mel", part="train")
    shards = list((cache / "features").glob("*/shards/train-*"))
    assert len(shards) == 3
    times = [shard.stat().st_mtime_ns for shard in shards]
    seen: list[int] = []
    assemble = preparing.assemble

    def watched(paths: list[Path], folder: Path, *, part: str, recipe: Recipe) -> None:
        seen.extend(path.stat().st_mtime_ns for path in paths if path in shards)
        assemble(paths, folder, part=part, recipe=recipe)

    monkeypatch.setattr(preparing, "assemble", watched)
    _prepare(corpus, cache)
    assert sorted(seen) == sorted(times)


@pytest.mark.parametrize("moment", ["between the parts", "while shards are removed"])
def test_a_part_that_is_whole_is_not_made_again(
    moment: str, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, remove = preparing._make, shutil.rmtree

    def interrupted_between(jobs: Sequence[Job], *, part: SetPart, workers: int) -> None:
        if part == "validation":
            raise KeyboardInterrupt
        make(jobs, part=part, workers=workers)

    def interrupted_removing(folder: Path, *, ignore_errors: bool = False) -> None:
        if ignore_errors:
            remove(folder, ignore_errors=True)
            return
        next(folder.glob("*.npy")).unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if moment == "between the parts":
            patched.setattr(preparing, "_make", interrupted_between)
        else:
            patched.setattr(shutil, "rmtree", interrupted_removing)
        with pytest.raises(KeyboardInterrupt):
            _prepare(corpus, tmp_path / "cache")
    made: list[str] = []

    def watched(jobs: Sequence[Job], *, part: SetPart, workers: int) -> None:
        made.append(part)
        make(jobs, part=part, workers=workers)

    monkeypatch.setattr(preparing, "_make", watched)
    gone_on = _prepare(corpus, tmp_path / "cache")
    assert made == ["validation"]
    assert not (gone_on.folder / "shards").exists()
    undisturbed = _prepare(corpus, tmp_path / "undisturbed")
    for whole in undisturbed.folder.glob("*.npy"):
        np.testing.assert_array_equal(np.load(gone_on.folder / whole.name), np.load(whole))


def test_features_of_another_front_end_are_refused(corpus: Path, tmp_path: Path) -> None:
    prepared = _prepare(corpus, tmp_path / "cache")
    path = prepared.folder / "settings.json"
    stated = json.loads(path.read_text())
    stated["front_end"]["mel"] = {"bands": 64}
    path.write_text(json.dumps(stated))
    with pytest.raises(FeatureCacheError, match="front end"):
        load_features(tmp_path / "cache", kind="mel", part="train")


def test_an_empty_cache_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FeatureCacheError, match="timbrescope-train prepare"):
        load_features(tmp_path, kind="mel", part="train")


def test_a_set_holds_every_variant_and_what_is_none_of_the_instruments(
    corpus: Path, tmp_path: Path
) -> None:
    prepared = _prepare(corpus, tmp_path / "cache")
    whole = load_set(prepared.folder, part="train", kind="mel")
    windows = 3 + 3 + round(3 * WINDOWS_OF_KIND["noise"])
    assert whole.variants == 2
    assert whole.features.shape == (2 * windows, 128, 130)
    assert whole.labels.tolist()[-12:] == [BACKGROUND_LABEL] * 12
    assert len(whole.groups) == 2 * windows
    assert whole.groups[0] == whole.groups[1]
    assert not np.array_equal(whole.features[0], whole.features[1])
    assert whole.teacher_logits is None


def test_the_first_variant_of_a_recorded_window_is_not_degraded(
    corpus: Path, tmp_path: Path
) -> None:
    recipe = Recipe(per_class=3, validation_per_class=2, variants=2, recorded_share=1.0)
    sets = [
        load_set(
            prepare_features([corpus], tmp_path / "cache", recipe=chosen, workers=1).folder,
            part="train",
        )
        for chosen in (recipe, replace(recipe, families=()))
    ]
    degraded, untouched = (each.features for each in sets)
    np.testing.assert_array_equal(degraded[::2], untouched[::2])
    assert not np.array_equal(degraded[1::2], untouched[1::2])


def test_music_is_for_the_teacher_only(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    music = rows[-1] | {"path": "music.wav", "kind": "music", "source": "m", "group": "m"}
    shutil.copy(corpus / "noise.wav", corpus / "music.wav")
    write_manifest([*rows, music], corpus / "manifest.csv")
    recordings = preparing.gather([corpus], tmp_path)
    asked = Recipe(per_class=3, teacher=tmp_path)

    def kinds(recipe: Recipe) -> set[str]:
        return {job.subject for job in preparing.plan(recordings, tmp_path, recipe=recipe)["train"]}

    assert kinds(asked) - kinds(replace(asked, teacher=None)) == {"music"}


def test_a_recipe_without_background_has_instruments_only(corpus: Path, tmp_path: Path) -> None:
    recipe = Recipe(per_class=2, validation_per_class=1, background=False)
    prepared = prepare_features([corpus], tmp_path / "cache", recipe=recipe, workers=1)
    assert load_set(prepared.folder, part="train").labels.max() == index_of("Violin")
