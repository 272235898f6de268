"""The figures of a study: what is in them, what is said when they cannot be drawn, and when."""

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the train extra")
pytest.importorskip("matplotlib", reason="needs the train extra")
pytest.importorskip("plotly", reason="needs the train extra")

from figure_study import (
    ABSENT,
    BEST_EPOCH,
    CLIPS_PER_CLASS,
    FigureStudy,
    make_figure_study,
    state_layout,
    write_history,
)
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from timbrescope.models.instruments import NAMES
from timbrescope.training.study.figures import CAPTIONS_FILE, DrawnFigure, FigureError, draw_figures
from timbrescope.training.study.figures.label_places import spread_labels
from timbrescope.training.study.figures.palette import CLASS_COLOURS, family_markers, paper_to_ink
from timbrescope.training.study.figures.representations import (
    ANOTHERS,
    MEASURES,
    OWN,
    REPRESENTATIONS,
    distances,
)
from timbrescope.training.study.figures.style import TEXT_WIDTH_IN, band_of_hz
from timbrescope.training.study.figures.tsne_map import densest_place
from timbrescope.training.study.folder import OWN_TEST, StudyFolder

SAMPLE = (
    "fig-01-clips-per-class",
    "fig-02-waveform",
    "fig-03-mel-spectrogram",
    "fig-04-model",
    "fig-05-curves-mel-random",
    "fig-07-confusion-mel-random",
    "fig-09-grad-cam",
    "explained-representations",
    "fig-10-tsne",
    "tsne",
    "reliability-grouped",
    "leak-gap",
)
PRESENT = [name for name in NAMES if name != ABSENT]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> FigureStudy:
    return make_figure_study(tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="module")
def drawn(study: FigureStudy) -> dict[str, DrawnFigure]:
    return _draw(study, *SAMPLE)


def _draw(study: FigureStudy, *names: str) -> dict[str, DrawnFigure]:
    found = draw_figures(study.folder, clips=study.clips, vectors=study.vectors, only=names or None)
    return {figure.name: figure for figure in found}


def _svg(figure: DrawnFigure) -> str:
    return next(path for path in figure.paths if path.suffix == ".svg").read_text("utf-8")


def test_every_figure_is_there_as_png_and_svg(drawn: dict[str, DrawnFigure]) -> None:
    assert list(drawn) == list(SAMPLE)
    for figure in drawn.values():
        assert figure.reason is None
        assert figure.drawn_now
        assert len(figure.caption) > 40
        assert figure.name == "tsne" or [p.suffix for p in figure.paths] == [".png", ".svg"]


@pytest.mark.parametrize("name", [name for name in SAMPLE if name != "tsne"])
def test_a_figure_shows_something_at_print_resolution(
    drawn: dict[str, DrawnFigure], name: str
) -> None:
    pixels = imread(drawn[name].paths[0])[..., :3]
    assert pixels.shape[1] >= 150 * TEXT_WIDTH_IN
    # Not one shade, and a light ground.
    assert pixels.std() > 0.02
    assert pixels[0, 0].min() > 0.95


@pytest.mark.parametrize(
    "name", ["fig-01-clips-per-class", "fig-07-confusion-mel-random", "fig-10-tsne"]
)
def test_the_classes_are_named_as_text(drawn: dict[str, DrawnFigure], name: str) -> None:
    svg = _svg(drawn[name])
    wanted = PRESENT if name == "fig-10-tsne" else NAMES
    assert [instrument for instrument in wanted if f">{instrument}<" not in svg] == []


def test_the_counts_stand_beside_the_bars(
    drawn: dict[str, DrawnFigure], study: FigureStudy
) -> None:
    svg = _svg(drawn["fig-01-clips-per-class"])
    assert ">none<" in svg  # The class without clips.
    assert svg.count(f">{CLIPS_PER_CLASS}<") >= 2 * (len(PRESENT) - 2)  # Clips and groups.
    assert ">3,719<" in svg  # The paper's flutes.
    assert f"{len(study.clips)} clips" in drawn["fig-01-clips-per-class"].caption


def test_the_paper_s_counts_are_shown_for_its_own_data_set_only(study: FigureStudy) -> None:
    name = "fig-01-clips-per-class"
    try:
        state_layout(study.folder, "kaggle")
        with_marks = _draw(study, name)[name]
        assert "42,311" in with_marks.caption
        assert "the paper's data set" in _svg(with_marks)
        state_layout(study.folder, "folders")
        without = _draw(study, name)[name]
        assert "paper" not in without.caption
        assert "the paper's data set" not in _svg(without)
    finally:
        state_layout(study.folder, "kaggle")


def test_the_network_is_drawn_with_its_parameters(drawn: dict[str, DrawnFigure]) -> None:
    svg = _svg(drawn["fig-04-model"])
    for text in ("113,692 parameters", "73,856 parameters", "16 × 16 × 128", "Block 3"):
        assert text in svg


def test_the_curves_mark_the_epoch_that_is_kept(drawn: dict[str, DrawnFigure]) -> None:
    figure = drawn["fig-05-curves-mel-random"]
    assert f">epoch {BEST_EPOCH}, which is kept<" in _svg(figure)
    assert "validation loss (0.500, accuracy 0.800)" in figure.caption


def test_a_confusion_matrix_states_counts_and_greys_absent_classes(
    drawn: dict[str, DrawnFigure],
) -> None:
    figure = drawn["fig-07-confusion-mel-random"]
    assert ">no clips<" in _svg(figure)
    assert "without a test clip" in figure.caption


def test_figure_9_explains_the_clip_that_is_answered_rightly(
    drawn: dict[str, DrawnFigure], study: FigureStudy
) -> None:
    figure = drawn["fig-09-grad-cam"]
    assert study.clips[0].name in figure.caption
    assert f"{study.clips[0].instrument}, answered with probability" in _svg(figure)
    assert "32 × 32 cells" in _svg(figure)


def test_six_representations_are_compared_by_four_measures(
    drawn: dict[str, DrawnFigure],
) -> None:
    svg = _svg(drawn["explained-representations"])
    for words in (*REPRESENTATIONS, *MEASURES, OWN, ANOTHERS):
        assert words in svg
    assert "Chen et al. 2024" in drawn["explained-representations"].caption


def test_all_of_the_sound_is_as_far_from_itself_as_nothing() -> None:
    power = np.random.default_rng(1).random((1_025, 130))
    found = distances(power, np.ones((128, 130)))
    assert set(found) == set(REPRESENTATIONS)
    assert all(abs(each) < 1e-6 for measures in found.values() for each in measures.values())
    some = distances(power, np.outer(np.linspace(1, 0, 128), np.ones(130)))
    assert all(some[name]["mean difference"] > 0 for name in REPRESENTATIONS)


def test_the_interactive_map_is_one_page_that_names_every_clip(
    drawn: dict[str, DrawnFigure], study: FigureStudy
) -> None:
    (path,) = drawn["tsne"].paths
    page = path.read_text("utf-8")
    assert path.name == "tsne.html"
    assert "<script src=" not in page
    assert "Plotly.newPlot" in page
    data = page[page.rindex("Plotly.newPlot") :].replace("\\u002f", "/")
    for clip in study.clips:
        assert clip.name in data
        assert clip.group in data
    for instrument in PRESENT[1:]:
        assert f'"name":"{instrument}"' in data
        assert CLASS_COLOURS[NAMES.index(instrument)] in data


def test_the_interactive_map_sends_nothing_anywhere(drawn: dict[str, DrawnFigure]) -> None:
    page = drawn["tsne"].paths[0].read_text("utf-8")
    assert '"showSendToCloud": false' in page
    assert "<link" not in page[: page.index("<script")]


def test_the_leak_gap_compares_the_splits(drawn: dict[str, DrawnFigure]) -> None:
    svg = _svg(drawn["leak-gap"])
    for text in ("random split", "grouped split", "Baseline", "stated in the paper", "Macro F1"):
        assert text in svg


def test_captions_are_written_for_the_report(
    drawn: dict[str, DrawnFigure], study: FigureStudy
) -> None:
    stated = json.loads((study.folder.figures / CAPTIONS_FILE).read_text("utf-8"))
    assert set(SAMPLE) <= set(stated)
    assert stated["fig-04-model"]["number"] == 4
    assert stated["leak-gap"]["number"] is None
    assert stated["fig-04-model"]["caption"] == drawn["fig-04-model"].caption


def test_what_has_not_changed_is_not_drawn_again(
    drawn: dict[str, DrawnFigure], study: FigureStudy
) -> None:
    name = "fig-05-curves-mel-random"
    before = {path: path.stat().st_mtime_ns for path in drawn[name].paths}
    again = _draw(study, name)[name]
    assert not again.drawn_now
    assert again.caption == drawn[name].caption
    assert {path: path.stat().st_mtime_ns for path in again.paths} == before


def test_what_has_changed_or_is_gone_is_drawn_again(study: FigureStudy) -> None:
    name = "fig-06-curves-mfcc-grouped"
    first = _draw(study, name)[name]
    first.paths[0].unlink()
    assert _draw(study, name)[name].drawn_now
    write_history(study.folder, split="grouped", model="mfcc", epochs=9)
    assert "each of 9 epochs" in _draw(study, name)[name].caption


def test_a_study_without_models_says_what_is_missing(study: FigureStudy, tmp_path: Path) -> None:
    names = (
        "fig-05-curves-mel-random",
        "fig-07-confusion-mel-random",
        "confusion-random-forest-grouped",
        "fig-09-grad-cam",
        "reliability-random",
        "leak-gap",
    )
    bare = replace(study, folder=StudyFolder(tmp_path))
    found = _draw(bare, *names)
    reasons = {name: found[name].reason or "" for name in names}
    assert all(figure.paths == () for figure in found.values())
    assert "mel network of the random split is not trained yet" in reasons[names[0]]
    assert "mel of the random split is not trained yet" in reasons[names[1]]
    assert "random-forest of the grouped split is not trained yet" in reasons[names[2]]
    assert "mel network of the random split is not trained yet" in reasons[names[3]]
    assert "no model of the random split is evaluated yet" in reasons[names[4]]
    assert "no model is evaluated on both splits yet" in reasons[names[5]]
    assert json.loads((tmp_path / "figures" / CAPTIONS_FILE).read_text("utf-8")) == {}


def test_a_study_without_clips_says_so(study: FigureStudy, tmp_path: Path) -> None:
    empty = FigureStudy(StudyFolder(tmp_path), [], study.vectors[:0])
    for figure in _draw(empty, "fig-01-clips-per-class", "examples-mel", "fig-10-tsne").values():
        assert "clips" in (figure.reason or "")


def test_a_figure_that_can_no_longer_be_drawn_loses_its_caption(
    study: FigureStudy, tmp_path: Path
) -> None:
    name = "fig-05-curves-mel-random"
    here = replace(study, folder=StudyFolder(tmp_path))
    history = write_history(here.folder, split="random", model="mel")
    assert _draw(here, name)[name].reason is None
    history.unlink()
    assert "not trained" in (_draw(here, name)[name].reason or "")
    assert name not in json.loads((tmp_path / "figures" / CAPTIONS_FILE).read_text("utf-8"))


def test_damaged_inputs_are_reasons_and_not_crashes(study: FigureStudy, tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path)
    history = write_history(folder, split="random", model="mel")
    history.write_text("epoch,loss\n1,much\n")
    metrics = folder.metrics("random", "mel", OWN_TEST)
    metrics.parent.mkdir(parents=True)
    metrics.write_text("{}")
    names = ("fig-05-curves-mel-random", "fig-07-confusion-mel-random")
    found = _draw(replace(study, folder=folder), *names)
    assert "cannot read the history" in (found[names[0]].reason or "")
    assert f"{metrics} is damaged" in (found[names[1]].reason or "")


def test_only_what_the_study_is_to_have_is_expected(study: FigureStudy, tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path)
    folder.settings.write_text(json.dumps({"models": ["random-forest"], "splits": ["grouped"]}))
    few = FigureStudy(folder, [], study.vectors[:0])
    names = set(_draw(few))
    assert "confusion-random-forest-grouped" in names
    left_out = ("confusion-random-forest-random", "confusion-mel", "curves", "grad-cam", "leak-gap")
    assert [name for name in names if any(part in name for part in left_out)] == []


def test_unknown_names_and_unequal_lengths_are_refused(study: FigureStudy) -> None:
    with pytest.raises(FigureError, match="no figure fig-11-nothing"):
        _draw(study, "fig-11-nothing")
    with pytest.raises(FigureError, match="do not fit"):
        draw_figures(study.folder, clips=study.clips, vectors=study.vectors[1:])


def test_nothing_else_of_matplotlib_is_touched(study: FigureStudy) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    _draw(study, "fig-04-model", "fig-06-curves-mfcc-random")
    assert dict(mpl.rcParams) == before


# CIE76; the least of the program's own colours, which have to serve two grounds, is 10.
SMALLEST_DIFFERENCE = 20.0


def _lab(colour: str) -> np.ndarray:
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = to_xyz @ linear / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_28_colours_can_be_told_apart_and_seen_on_white() -> None:
    assert len(CLASS_COLOURS) == len(NAMES)
    for first, second in combinations(range(len(NAMES)), 2):
        difference = np.linalg.norm(_lab(CLASS_COLOURS[first]) - _lab(CLASS_COLOURS[second]))
        assert difference >= SMALLEST_DIFFERENCE, (NAMES[first], NAMES[second])
    assert max(_lab(colour)[0] for colour in CLASS_COLOURS) < 82


def test_similar_greys_differ_in_their_sign_or_have_other_families() -> None:
    signs = {family_markers(name) for name in NAMES}
    assert len(signs) == 6
    assert len({sign for sign, _ in signs}) == len({sign for _, sign in signs}) == 6


def test_the_map_for_tables_darkens_evenly() -> None:
    colours = paper_to_ink()(np.linspace(0, 1, 21))[:, :3]
    lightness = np.array([_lab(tuple(colour))[0] for colour in colours])  # type: ignore[arg-type]
    assert lightness[0] > 99
    steps = np.diff(lightness)
    assert steps.max() < 0
    assert steps.min() > 1.5 * steps.mean()


@pytest.mark.parametrize(("hz", "band"), [(8000.0, 128.0), (66.6667, 1.85)])
def test_frequencies_lie_at_their_bands(hz: float, band: float) -> None:
    assert band_of_hz(hz) == pytest.approx(band, abs=0.02)


def test_labels_are_moved_until_none_covers_another() -> None:
    middles = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [100.0, 100.0]])
    sizes = np.full((4, 2), [30.0, 10.0])
    places = spread_labels(middles, sizes)
    for first, second in combinations(range(4), 2):
        apart = np.abs(places[first] - places[second]) - [30.0, 10.0]
        assert apart.max() > -1.0
    np.testing.assert_array_equal(places[3], middles[3])


def test_a_class_is_named_where_its_clips_crowd() -> None:
    rng = np.random.default_rng(0)
    crowd, scattered = rng.normal(20, 0.2, (30, 2)), rng.uniform(-20, 0, (31, 2))
    np.testing.assert_allclose(densest_place(np.concatenate([scattered, crowd])), 20, atol=0.5)
