from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec", reason="needs the train extra")

from timbrescope.training.settings_files import (
    SettingsError,
    assignment,
    overlaid,
    read_table,
    settings_of,
    table_of,
    write_table,
)


@dataclass(frozen=True)
class Size:
    sides: tuple[int, int] = (1, 2)
    share: float = 0.5


@dataclass(frozen=True)
class Made:
    size: Size = field(default_factory=Size)
    count: int = 3
    names: tuple[str, ...] = ()
    grain: Literal["fine", "coarse"] = "fine"
    folder: Path | None = None
    most: float = float("inf")
    loud: bool = False


SETTINGS = st.builds(
    Made,
    size=st.builds(
        Size,
        sides=st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
        share=st.floats(allow_nan=False),
    ),
    count=st.integers(-(2**31), 2**31),
    names=st.lists(st.text(st.characters(codec="utf-8")), max_size=3).map(tuple),
    grain=st.sampled_from(["fine", "coarse"]),
    folder=st.none() | st.sampled_from([Path("a/b"), Path("/c")]),
    most=st.floats(allow_nan=False),
    loud=st.booleans(),
)


@given(settings=SETTINGS)
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, settings: Made
) -> None:
    path = tmp_path_factory.getbasetemp() / "made.toml"
    write_table(path, table_of(settings))
    assert settings_of(Made, read_table(path), where=path) == settings


def test_what_is_not_named_has_its_default() -> None:
    assert settings_of(Made, {"size": {"share": 1}}, where="x") == Made(size=Size(share=1.0))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"counts": 1}, "there is no setting 'counts'; known are size, count"),
        ({"size": {"side": [1, 2]}}, "there is no setting 'size.side'; known are sides, share"),
        ({"count": "many"}, "Expected `int`, got `str` - at `count`"),
        ({"count": True}, "Expected `int`, got `bool`"),
        ({"count": 1.5}, "Expected `int`, got `float`"),
        ({"size": {"sides": [1]}}, "length 2, got 1 - at `size.sides`"),
        ({"size": 3}, "at `size`"),
        ({"grain": "middling"}, "'middling' - at `grain`"),
        ({"folder": 3}, "path, got 3"),
        ({"most": "inf"}, "Expected `float`, got `str`"),
    ],
)
def test_what_cannot_be_is_refused_and_named(table: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of(Made, table, where="made.toml")
    assert said in str(caught.value)
    assert str(caught.value).startswith("made.toml: ")


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("a.b=1", {"a": {"b": 1}}),
        ("a.b.c = [1, 2]", {"a": {"b": {"c": [1, 2]}}}),
        ("a.b=inf", {"a": {"b": float("inf")}}),
        ("a.b=true", {"a": {"b": True}}),
        ("a.b=mixed", {"a": {"b": "mixed"}}),
        ("a.b=x=y", {"a": {"b": "x=y"}}),
        ("a.b=1\nc = 2", {"a": {"b": "1\nc = 2"}}),
    ],
)
def test_a_value_is_given_as_in_a_file(text: str, table: dict[str, Any]) -> None:
    assert assignment(text) == table


@pytest.mark.parametrize("text", ["a.b", "a=1", ".b=1", "a.=1", ""])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"TABLE\.FIELD=VALUE"):
        assignment(text)


def test_the_upper_table_wins_field_by_field() -> None:
    below = {"a": {"x": 1, "y": {"p": 1, "q": 2}}, "b": {"z": 1}}
    assert overlaid(below, {"a": {"y": {"q": 3}}}) == {
        "a": {"x": 1, "y": {"p": 1, "q": 3}},
        "b": {"z": 1},
    }


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a = ")
    with pytest.raises(SettingsError, match=r"a\.toml"):
        read_table(tmp_path / "a.toml")
    with pytest.raises(SettingsError, match=r"none\.toml"):
        read_table(tmp_path / "none.toml")
