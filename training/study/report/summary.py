"""What a study found, in plain words: the leak gap first."""

from dataclasses import dataclass

from timbrescope.training.study.evaluate.results import Results, title_of
from timbrescope.training.study.folder import BASELINE
from timbrescope.training.study.report.cells import percent, percent_range, points
from timbrescope.training.study.report.table import Estimate
from timbrescope.training.study.report.tables import estimate, gap

# A forest on mean vectors this near to a network, or nearer, is remarkable.
_NEAR = 0.03
_FOREST = "random-forest"


@dataclass(frozen=True)
class Headline:
    """A number that is read first: what it is, its value, its interval."""

    label: str
    value: str
    interval: str


def headline_model(results: Results) -> str | None:
    """Return the model that the summary speaks of: the first one measured on both splits."""
    for model in results.models:
        if model != BASELINE and all(results.own(split, model) for split in ("random", "grouped")):
            return model
    return next((model for model in results.models if model != BASELINE), None)


def headlines(results: Results) -> list[Headline]:
    """Return the numbers that are read first."""
    model = headline_model(results)
    if model is None:
        return []
    found = []
    for split, label in (
        ("random", "right on the random split, the paper’s way"),
        ("grouped", "right when no recording is on two sides"),
    ):
        measured = results.own(split, model)
        if measured is not None:
            accuracy = estimate(measured, "accuracy")
            interval = percent_range(accuracy.interval)
            found.append(Headline(label, percent(accuracy.value), interval))
    lost = _gap_of(results, model)
    if lost is not None:
        value = f"{points(lost.value)} points"
        found.append(Headline("leak gap between the two", value, percent_range(lost.interval)))
    return found + _elsewhere_headlines(results, model)


def _elsewhere_headlines(results: Results, model: str) -> list[Headline]:
    found = []
    for test_set in results.other_test_sets:
        measured = results.metrics.get(("grouped", model, test_set))
        if measured is not None:
            accuracy = estimate(measured, "accuracy")
            label = f"right on {test_set}, never trained on"
            interval = percent_range(accuracy.interval)
            found.append(Headline(label, percent(accuracy.value), interval))
    return found


def _gap_of(results: Results, model: str) -> Estimate | None:
    random, grouped = results.own("random", model), results.own("grouped", model)
    return None if random is None or grouped is None else gap(random, grouped, "accuracy")


def sentences(results: Results) -> list[str]:
    """Return what the figures mean, a paragraph each; nothing is said of what was not run."""
    model = headline_model(results)
    if model is None:
        return []
    said = [_of_gap(results, model), _of_all_gaps(results), _of_forest(results)]
    said += [_of_elsewhere(results), _of_baseline(results), _of_absent(results)]
    return [text for text in said if text]


def _of_gap(results: Results, model: str) -> str:
    lost = _gap_of(results, model)
    name = title_of(model)
    if lost is None:
        return (
            f"{name}: measured on one split only, so that nothing can be said yet of how much of "
            "its figure is known recordings rather than known instruments."
        )
    way = "higher" if lost.value >= 0 else "lower"
    start = (
        f"{name}: the random split reads {points(abs(lost.value))} points {way} than the grouped"
    )
    if lost.interval is None:
        return f"{start} one. There are too few groups of clips to say how certain that is."
    between = f"(95 % interval {points(lost.interval.low)} to {points(lost.interval.high)})"
    if lost.interval.low > 0:
        return (
            f"{start} one {between}. Clips that were cut from one recording lie on both sides of a "
            "random split, and a model can answer by knowing the recording. The grouped figure is "
            "what to expect of recordings by other players in other rooms; the random one is here "
            "for comparison with the paper only."
        )
    contains = "The interval contains 0: this" if lost.interval.high >= 0 else "This"
    return (
        f"{start} one {between}. {contains} corpus does not show that the random split leaks. "
        "Where groups are few, or what belongs together is not known, it may leak all the same."
    )


def _of_all_gaps(results: Results) -> str:
    gaps = {m: _gap_of(results, m) for m in results.models if m != BASELINE}
    values = {model: lost.value for model, lost in gaps.items() if lost is not None}
    if len(values) < 2:
        return ""
    least, most = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    return (
        f"Over {len(values)} models the gap is from {points(values[least])} points "
        f"({title_of(least)}) to {points(values[most])} points ({title_of(most)})."
    )


def _of_forest(results: Results) -> str:
    forest, network = results.own("random", _FOREST), results.own("random", "mel")
    if forest is None or network is None or forest.accuracy < network.accuracy - _NEAR:
        return ""
    return (
        f"On the random split a random forest on 40 mean MFCCs reaches {percent(forest.accuracy)} "
        f"beside the network’s {percent(network.accuracy)}. Averages over time that do as well as "
        "a network are the classic sign of a split that leaks."
    )


def _of_elsewhere(results: Results) -> str:
    said = []
    for test_set in results.other_test_sets:
        of_models = {
            model: found.accuracy
            for model in results.models
            if model != BASELINE and (found := results.metrics.get(("grouped", model, test_set)))
        }
        if of_models:
            best = max(of_models, key=of_models.__getitem__)
            said.append(f"{percent(of_models[best])} on {test_set} ({title_of(best)})")
    if not said:
        return ""
    return f"On recordings that no model was trained on, the best one has {'; '.join(said)}."


def _of_baseline(results: Results) -> str:
    known = {split: results.own(split, BASELINE) for split in results.splits}
    said = [f"{percent(found.accuracy)} ({split})" for split, found in known.items() if found]
    if not said:
        return ""
    return f"Who always answers the commonest class is right in {' and '.join(said)} of the clips."


def _of_absent(results: Results) -> str:
    for model in results.models:
        found = results.own("grouped", model)
        if found is not None and found.absent:
            return (
                f"The grouped split has test clips of {found.classes} classes; nothing is known of "
                f"{', '.join(found.absent)}, of which there is no group to spare or no clip. Macro "
                "figures of the two splits are over different classes."
            )
    return ""
