"""The tables of a study about single classes."""

from timbrescope.models.instruments import NAMES
from timbrescope.training.study import paper
from timbrescope.training.study.evaluate.results import Results, title_of
from timbrescope.training.study.folder import BASELINE
from timbrescope.training.study.report.table import Cell, Share, Table

_CONFUSIONS = 10


def per_class(results: Results, split: str, figure: str = "f1") -> Table:
    """Return F1 (or recall, or precision) of every class by model on a split's own test part."""
    of_model = {m: found for m in results.models if (found := results.own(split, m))}
    chosen = {model: found for model, found in of_model.items() if model != BASELINE}
    rows = []
    first = next(iter(chosen.values()), None)
    for name, row in (first.per_class if first else {}).items():
        values = [
            Share(getattr(found.per_class[name], figure)) if name in found.per_class else None
            for found in chosen.values()
        ]
        rows.append((name, row.support, row.groups, *values))
    written = "F1" if figure == "f1" else figure
    return Table(
        f"per-class-{figure}-{split}",
        f"{written[0].upper()}{written[1:]} of every class on the {split} split",
        ("class", "test clips", "groups", *(title_of(model) for model in chosen)),
        tuple(rows),
    )


def every_class(results: Results) -> Table:
    """Return all figures of all classes, a row for each; for the CSV file."""
    rows = tuple(
        (split, model, test_set, name, row.precision, row.recall, row.f1, row.support, row.groups)
        for (split, model, test_set), found in results.metrics.items()
        for name, row in found.per_class.items()
    )
    columns = ("split", "model", "test set", "class", "precision", "recall", "F1", "clips")
    return Table("per-class", "Every class", (*columns, "groups"), rows)


def confusions(results: Results, split: str, model: str) -> Table:
    """Return the most frequent mistakes of a model on its own test part."""
    found = results.own(split, model)
    mistakes = [
        (count, true, answered)
        for true, row in enumerate(found.confusion if found else ())
        for answered, count in enumerate(row)
        if count and true != answered
    ]
    mistakes.sort(key=lambda mistake: (-mistake[0], mistake[1], mistake[2]))
    rows = tuple(
        (NAMES[true], NAMES[answered], count, Share(round(count / sum(found.confusion[true]), 6)))
        for count, true, answered in mistakes[:_CONFUSIONS]
        if found is not None
    )
    columns = ("true class", "answered", "clips", "share of the class")
    caption = f"{title_of(model)}, {split} split"
    return Table(f"confusions-{model}-{split}", caption, columns, rows)


def weakest_classes(results: Results) -> Table:
    """Return the classes that the paper names as its weakest, with our precision."""
    rows: list[tuple[Cell, ...]] = []
    for name, precision in paper.WEAKEST_PRECISION.items():
        ours = [
            found.per_class.get(name) if found else None
            for found in (results.own(s, paper.WEAKEST_MODEL) for s in ("random", "grouped"))
        ]
        if any(ours):
            cells: list[Cell] = [name, precision]
            for row in ours:
                cells += [row.precision if row else None, row.support if row else None]
            rows.append(tuple(cells))
    columns = ("class", "paper", "random", "clips, random", "grouped", "clips, grouped")
    caption = "Precision of the classes that are weakest in the paper (CNN on mel spectrograms)"
    return Table("weakest-classes", caption, columns, tuple(rows))
