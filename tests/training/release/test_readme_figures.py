"""The README's figures are those of the sidecars."""

from pathlib import Path

import pytest

from timbrescope.training.release.model_card import shipped_sidecars
from timbrescope.training.release.readme import (
    BEGIN,
    END,
    README_PATH,
    ReadmeError,
    figures_block,
    with_block,
    write_readme,
)


def test_the_readme_states_the_figures_of_the_models_that_ship() -> None:
    readme = README_PATH.read_text("utf-8")
    assert with_block(readme, figures_block(shipped_sidecars())) == readme


def test_what_stood_between_the_markers_is_replaced() -> None:
    readme = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = with_block(readme, "new\n")
    assert once == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert with_block(once, "new\n") == once


@pytest.mark.parametrize("readme", ["", BEGIN, END, f"{END} {BEGIN}"])
def test_without_both_markers_nothing_is_written(readme: str, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(readme, "utf-8")
    with pytest.raises(ReadmeError, match="lacks the markers"):
        write_readme(path)
    assert path.read_text("utf-8") == readme


def test_a_missing_readme_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadmeError, match=r"none\.md"):
        write_readme(tmp_path / "none.md")
