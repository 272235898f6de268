from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

import timbrescope.training  # noqa: E402
from timbrescope.training.cli import main  # noqa: E402
from timbrescope.training.experiments import run  # noqa: E402
from timbrescope.training.experiments.catalogue import experiments  # noqa: E402
from timbrescope.training.experiments.table import write_table  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings  # noqa: E402
from timbrescope.training.windows.recipe import Recipe  # noqa: E402


def _result(accuracy: float) -> dict[str, Any]:
    part = {
        "n": 100,
        "accuracy": accuracy,
        "macro_recall": accuracy,
        "top3": 0.9,
        "low": accuracy - 0.1,
        "high": accuracy + 0.1,
    }
    recipe, settings = Recipe(), FlagshipSettings()
    return {
        "recipe": recipe.as_dict(),
        "settings": settings.as_dict(),
        "validation": part,
        "dev": part,
    }


def test_the_table_states_differences_and_leaves_out_what_was_not_run(tmp_path: Path) -> None:
    known = experiments(recipe=Recipe(), settings=FlagshipSettings())
    results = {"baseline": _result(0.6), "labels-only": _result(0.5), "paper-cnn": _result(0.3)}
    path = write_table(known, results, command="repeat it", folder=tmp_path)
    text = path.read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 4
    assert "-10.0" in next(row for row in rows if row.startswith("| labels-only"))
    assert "-20.0" in next(row for row in rows if row.startswith("| paper-cnn"))
    assert "repeat it" in text


def test_the_command_writes_beside_its_results_and_leaves_the_document_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = Path(timbrescope.training.__file__).parent / "EXPERIMENTS.md"
    before = document.read_bytes()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "teacher").mkdir()
    monkeypatch.setattr(run, "run_experiments", lambda *_, **__: {"baseline": _result(0.6)})
    told = ["--teacher", str(tmp_path / "teacher"), "--cache", str(tmp_path)]
    assert main(["experiments", "--corpus", str(tmp_path / "corpus"), *told]) == 0
    assert "| baseline |" in (tmp_path / "experiments" / "table.md").read_text("utf-8")
    assert document.read_bytes() == before
