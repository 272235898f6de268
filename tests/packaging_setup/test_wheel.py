"""The wheel holds one package, and works beside a project that has folders of the same names."""

import configparser
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from built_wheel import ROOT, build_wheel, unpack_wheel

CLIP = ROOT / "desktop" / "demo" / "violin.ogg"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, once for this file."""
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture
def elsewhere(wheel: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Give a folder with a ``models`` package of its own, and where the wheel is unpacked."""
    variables = unpack_wheel(wheel, tmp_path / "site")
    folder = tmp_path / "project"
    for room in ("models", "training", "desktop"):
        (folder / room).mkdir(parents=True)
        (folder / room / "__init__.py").write_text("raise ImportError('the wrong package')\n")
    return folder, os.environ | variables


def _run(where: tuple[Path, dict[str, str]], *arguments: str) -> str:
    folder, environment = where
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_one_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"timbrescope"}
    for wanted in (
        "timbrescope/py.typed",
        "timbrescope/models/flagship.onnx",
        "timbrescope/models/frontend.npz",
        "timbrescope/desktop/demo/demo.json",
        "timbrescope/training/study/report/report.html.jinja",
        "timbrescope/desktop/views/style/pictures/timbrescope.svg",
        *(f"timbrescope/desktop/views/words/{key}.json" for key in ("de", "es", "fr", "it")),
    ):
        assert wanted in names


def test_a_desktop_finds_launcher_and_picture(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    shared = {name.split("/data/")[1]: name for name in archive.namelist() if "/data/" in name}
    assert "share/icons/hicolor/scalable/apps/timbrescope.svg" in shared
    entry = configparser.ConfigParser(interpolation=None)
    entry.read_string(archive.read(shared["share/applications/timbrescope.desktop"]).decode())
    assert entry["Desktop Entry"]["Exec"] == "timbrescope"
    assert entry["Desktop Entry"]["Icon"] == "timbrescope"
    assert entry["Desktop Entry"]["Comment[de]"]


def test_every_module_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for room in ("models", "training", "desktop"):
        for path in (ROOT / room).rglob("*.py"):
            assert f"timbrescope/{path.relative_to(ROOT).as_posix()}" in names


def test_another_projects_models_do_not_hide_ours(
    elsewhere: tuple[Path, dict[str, str]],
) -> None:
    assert _run(elsewhere, "-m", "timbrescope", "--version").startswith("timbrescope ")
    place = "import timbrescope; print(timbrescope.__file__); from timbrescope import Classifier"
    assert "site" in _run(elsewhere, "-c", place)


def test_the_wheel_classifies_beside_another_projects_models(
    elsewhere: tuple[Path, dict[str, str]],
) -> None:
    assert "Violin" in _run(elsewhere, "-m", "timbrescope", "classify", str(CLIP))
