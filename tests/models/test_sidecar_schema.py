"""A sidecar states what it should, of the right type and in range, or is refused in words."""

import json
import shutil
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.artefact import Sidecar, read_sidecar, sidecar_path
from timbrescope.models.catalogue import MODEL_NAMES, model_path
from timbrescope.models.errors import ModelFileError
from timbrescope.models.json_text import parse_json
from timbrescope.models.limits import JSON_DEPTH
from timbrescope.models.sidecar_schema import OPTIONAL, REQUIRED, problems_of

SHIPPED = sidecar_path(model_path("mfcc"))
ODD: dict[str, list[Any]] = {
    "name": [{}, "", 3, "a\x1b[2J", "\udcff", "x" * 3000],
    "kind": [None, ["mel"]],
    "version": [1, {}],
    "classes": ["Piano", [["Piano"]], {}, [None]],
    "front_end": [[], "mel"],
    "temperature": [0, -1, 5e-324, 1e300, True, "1", None],
    "thresholds": [
        [],
        {},
        {"quiet_dbfs": "-60", "not_sure": 0.5},
        {"quiet_dbfs": -60, "not_sure": 1.5},
        {"quiet_dbfs": -1e9, "not_sure": 0.5},
        {"quiet_dbfs": -60, "not_sure": 0.5, "least_known": -1},
        {"quiet_dbfs": -60, "not_sure": 0.5, "loudest": 0},
    ],
    "sha256": ["", "g" * 64, 5],
    "licence": [None, 3],
    "created": [2026],
    "corpus": [[]],
    "split": ["all"],
    "metrics": [3],
    "attributions": ["me", [1]],
    "family": [1],
    "background": ["true", 1],
}


def _stated() -> dict[str, Any]:
    found = json.loads(SHIPPED.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_what_ships_has_no_problem(name: str) -> None:
    assert problems_of(parse_json(sidecar_path(model_path(name)).read_bytes())) == []


def test_every_field_has_a_check_and_an_odd_value_here() -> None:
    optional = {
        entry.name
        for entry in fields(Sidecar)
        if (entry.default, entry.default_factory) != (MISSING, MISSING)
    }
    assert {entry.name for entry in fields(Sidecar)} == {*REQUIRED, *OPTIONAL} == set(ODD)
    assert optional == set(OPTIONAL)


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, values in ODD.items() for v in values])
def test_an_odd_field_is_refused_by_name(tmp_path: Path, field: str, value: Any) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(_stated() | {field: value}), "utf-8")
    with pytest.raises(ModelFileError, match=f"the field '{field}' should be") as caught:
        read_sidecar(path)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"temperature": NaN}', "NaN is not a finite number"),
        ('{"temperature": -Infinity}', "Infinity is not a finite number"),
        ('{"temperature": 1e999}', "1e999 is not a finite number"),
        ('{"n": 1' + "0" * 400 + "}", "has 401 characters"),
        ('{"a":' * 5000 + "1" + "}" * 5000, f"deeper than {JSON_DEPTH} levels"),
        ("[" * 100_000, f"deeper than {JSON_DEPTH} levels"),
        ("[]", "an object with fields, not"),
        ("3", "an object with fields, not 3"),
        ("", "not JSON"),
        ('{"name": "\xff"}', "not JSON"),
    ],
)
def test_a_text_that_is_no_sidecar_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelFileError, match=reason):
        read_sidecar(path)


def test_brackets_in_texts_are_not_depth() -> None:
    text = json.dumps({"licence": '[{"' * 100})
    assert parse_json(text.encode()) == json.loads(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(field=st.sampled_from([*REQUIRED, *OPTIONAL]), value=_JSON)
def test_any_value_in_any_field_is_taken_or_refused(field: str, value: Any) -> None:
    for problem in problems_of(_stated() | {field: value}):
        assert problem.isprintable()


@pytest.mark.parametrize(
    "name",
    ["sidecar_cls_nested", "sidecar_name_dict", "sidecar_temp_den", "sidecar_th_quiet_dbfs_nan"],
)
def test_the_odd_sidecars_at_hand_are_refused(shared_audio: Path, name: str) -> None:
    path = shared_audio.parent / "inputs" / "models" / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with pytest.raises(ModelFileError):
        read_sidecar(path)


def test_a_sidecar_in_a_locked_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    shutil.copy(SHIPPED, folder / "a.json")
    folder.chmod(0)
    try:
        if (folder / "a.json").exists():
            pytest.skip("whoever runs this may read everything")
    except PermissionError:
        pass
    try:
        with pytest.raises(ModelFileError, match="Permission denied"):
            read_sidecar(folder / "a.json")
    finally:
        folder.chmod(0o700)
