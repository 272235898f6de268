"""Tables of figures as Markdown."""

from timbrescope.training.evaluate.tables import (
    class_table,
    confusion_table,
    kind_table,
    main_table,
    part_table,
    share_with_interval,
)

MEASURED = {
    "accuracy": 0.639,
    "macro_recall": 0.7,
    "top3": 0.812,
    "intervals": {"accuracy": [0.5, 0.841]},
    "answered": {
        "files": {"share": 0.6, "precision": 0.9, "intervals": {"share": [0.4, 0.7]}},
    },
    "ece": 0.0417,
    "auroc": {"noise_speech": 0.9334, "other": None},
    "fpr95": {"noise_speech": 0.2, "other": None},
    "unknown": {"noise": {"windows": 176, "false_answers_per_minute": 0.3409}},
    "per_class": {
        "Flute": {"recall": 0.5, "top3": 1.0, "n": 2, "sources": 1},
        "Violin": {"recall": 1.0, "top3": 1.0, "n": 1, "sources": 1},
    },
    "per_kind": {"note": {"n": 3, "classes": 2, "accuracy": 0.5, "macro_recall": 0.6, "top3": 1.0}},
    "confused": {
        "Flute": {"n": 2, "wrong": 1, "answer": "Violin", "times": 1, "examples": ["a/b.wav"]},
        "Violin": {"n": 1, "wrong": 1, "answer": "Flute", "times": 1, "examples": []},
    },
}


def test_the_main_table_has_a_row_for_each_model() -> None:
    old = {"accuracy": 0.352, "macro_recall": 0.416, "top3": 0.672}
    rows = main_table([("A", MEASURED), ("B", old), ("C", {})]).splitlines()[2:]
    assert rows == [
        "| A | 63.9 % [50–84] | 70.0 % | 81.2 % | 60.0 % [40–70] · 90.0 % | 0.3 · – · – | 0.042 "
        "| 0.933 · – | 20.0 % · – |",
        "| B | 35.2 % | 41.6 % | 67.2 % |  |  |  |  |  |",
        "| C | not measured |  |  |  |  |  |  |  |",
    ]


def test_classes_are_listed_with_the_recalls_of_all_models() -> None:
    other = {"per_class": {"Flute": {"recall": 0.0, "n": 2}}}
    assert class_table([("A", MEASURED), ("B", other)]).splitlines()[0::2] == [
        "| class | files | sources | A | A, top-3 | B |",
        "| Flute | 2 | 1 | 50 % | 100 % | 0 % |",
    ]
    assert "| Violin | 1 | 1 | 100 % | 100 % |  |" in class_table([("A", MEASURED), ("B", other)])


def test_parts_are_listed_without_intervals_where_there_are_none() -> None:
    table = part_table(MEASURED, part="per_kind", head="kind")
    assert table.splitlines()[-1] == "| note | 3 | 2 | 50.0 % | 60.0 % | 100.0 % |  |"
    assert share_with_interval(MEASURED, "top3") == "81.2 %"


def test_notes_and_phrases_stand_apart() -> None:
    row = kind_table([("A", MEASURED)]).splitlines()[-1]
    assert row == "| A | 50.0 % | 60.0 % | 100.0 % |  |  |  |  |  |"


def test_the_most_confused_class_comes_first_with_examples() -> None:
    rows = confusion_table(MEASURED, part="confused", head="class").splitlines()[2:]
    assert rows == [
        "| Violin | 1 | 1 | Flute (1) |  |",
        "| Flute | 2 | 1 | Violin (1) | `a/b.wav` |",
    ]
