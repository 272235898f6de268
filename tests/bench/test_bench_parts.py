"""The parts of the benchmark that reckon: what fell, which goals are met, what a delay is."""

import importlib.util
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The module ``run`` of this folder; there is another ``run`` on the path of fuzz tests."""
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location("bench_run", FOLDER / "run.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["bench_run"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FOLDER))
    return module


def test_a_ratio_may_fall_by_30_per_cent_and_no_more(bench: ModuleType) -> None:
    known = {f"a, {bench.RATIO}": 10.0, f"b, {bench.RATIO}": 10.0, "c, ms": 10.0}
    found = {f"a, {bench.RATIO}": 7.1, f"b, {bench.RATIO}": 6.9, "c, ms": 1.0}
    assert bench.fallen(found, known) == [f"b, {bench.RATIO}: 6.9, it was 10.0"]


def test_goals_are_told_beside_their_figures(bench: ModuleType) -> None:
    written = bench.lines({"window hidden, % of a core": 12.5, "window shown, % of a core": 20.0})
    assert written[0].endswith("MISSED: below 12")
    assert written[1].endswith("met: below 35")
    like_with_like = [name for name in bench.GOALS if name.startswith("live step (mel")]
    assert len(like_with_like) == 2
    assert all(name.endswith(bench.RATIO) for name in like_with_like)


def test_delays_that_never_came_are_counted_and_left_out(bench: ModuleType) -> None:
    records = [
        {"first_preview_ms": 100.0 + number, "right_answer_ms": None if number else 900.0}
        for number in range(10)
    ]
    figures = bench.product.summary(records)
    assert figures["first note to first preview, median ms"] == 104.5
    assert figures["first note to first right answer, share that came"] == 0.1
    assert figures["first note to first right answer, p95 ms"] == 900.0
    assert "first note to first preview, p95 ms" in bench.GOALS


def test_a_check_without_figures_or_with_fallen_ones_fails(
    bench: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "FIGURES", tmp_path / "figures.json")
    monkeypatch.setattr(bench, "parts", lambda _: {"steps": lambda: {f"s, {bench.RATIO}": 8.0}})
    assert bench.main(["--check"]) == 2
    assert bench.main(["--json", str(tmp_path / "figures.json")]) == 0
    assert json.loads((tmp_path / "figures.json").read_text("utf-8"))["figures"]
    assert bench.main(["--check"]) == 0
    monkeypatch.setattr(bench, "parts", lambda _: {"steps": lambda: {f"s, {bench.RATIO}": 5.0}})
    assert bench.main(["--check"]) == 1


def _way_of_process(log: Path) -> Callable[[], object]:
    def work() -> None:
        loaded = "beside_paper" in sys.modules
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {loaded}\n")

    return work


def test_each_way_has_a_process_of_its_own_and_they_take_turns(
    bench: ModuleType, tmp_path: Path
) -> None:
    in_turns = sys.modules["in_turns"]
    logs = {name: tmp_path / name for name in ("first", "second")}
    ways = {name: partial(_way_of_process, log) for name, log in logs.items()}
    costs_s = in_turns.median_costs_s(ways, turns=3, each=2)
    assert list(costs_s) == ["first", "second"]
    assert all(cost_s >= 0 for cost_s in costs_s.values())
    found = [log.read_text("utf-8").splitlines() for log in logs.values()]
    # Twice before it counts.
    assert [len(lines) for lines in found] == [2 + 3 * 2] * 2
    assert [len(set(lines)) for lines in found] == [1, 1]
    assert found[0][0] != found[1][0]
    assert {line.split()[1] for lines in found for line in lines} == {"False"}


def test_recordings_are_of_as_many_instruments_as_can_be(
    bench: ModuleType, shared_audio: Path
) -> None:
    chosen = bench.product.recordings(20)
    assert len(chosen) == 20
    assert len({instrument for _, instrument in chosen}) >= 15
    assert all(Path(path).is_file() for path, _ in chosen)
