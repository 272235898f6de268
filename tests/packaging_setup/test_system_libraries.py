"""Missing system libraries are installed where that needs no question, and named elsewhere."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux needs system libraries")


class Recorder:
    """Stands in for running a command: keeps what was asked and answers with a status."""

    def __init__(self, refuse: Sequence[str] = ()) -> None:
        self.commands: list[list[str]] = []
        self._refuse = set(refuse)

    def __call__(self, command: Sequence[str]) -> int:
        self.commands.append(list(command))
        return 100 if self._refuse & set(command) else 0

    @property
    def installed(self) -> list[list[str]]:
        """The packages of each installing command."""
        return [
            command[command.index("--no-remove") + 1 :]
            for command in self.commands
            if "install" in command
        ]


@pytest.fixture
def absent(needs: ModuleType) -> list:
    """Give two things that no system provides."""
    return [
        needs.Need("libnosuch.so.9", "library", ("libnosuch9", "nosuch", "nosuch", "nosuch9")),
        needs.Need("no-such-program", "program", ("nosuch-bin",) * 4),
    ]


@pytest.fixture
def bare_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder that is the whole PATH: programs exist if a test puts them there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("TIMBRESCOPE_NO_SYSTEM_INSTALL", raising=False)
    return folder


def _program(folder: Path, name: str, *, status: int = 0) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)


def _be_user(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: number)


def test_a_library_is_found_by_the_loader_and_a_program_on_the_path(
    libraries: ModuleType, needs: ModuleType, absent: list, bare_path: Path
) -> None:
    libc = needs.Need("libc.so.6", "library", ("libc6",) * 4)
    program = needs.Need("drum", "program", ("drum",) * 4)
    assert libraries.missing([libc, program, *absent]) == [program, *absent]
    _program(bare_path, "drum")
    assert libraries.missing([libc, program, *absent]) == absent


def test_an_alsa_plugin_is_found_in_its_own_folder(
    libraries: ModuleType, needs: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = needs.Need("libasound_module_pcm_none.so", "alsa plugin", ("none",) * 4)
    assert not libraries.is_present(plugin)
    (tmp_path / plugin.name).touch()
    monkeypatch.setenv("ALSA_PLUGIN_DIR", str(tmp_path))
    assert libraries.is_present(plugin)


def test_a_font_anywhere_below_the_font_folders_is_enough(
    libraries: ModuleType, needs: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "FONT_FOLDERS", (str(tmp_path),))
    font = needs.Need("font", "font", ("fonts",) * 4)
    assert not libraries.is_present(font)
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "Some.TTF").touch()
    assert libraries.is_present(font)


def test_without_a_display_running_needs_no_window(
    libraries: ModuleType, needs: ModuleType
) -> None:
    assert libraries.needs_for("run", {}) == needs.AUDIO
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        assert set(libraries.needs_for("run", {name: ":0"})) == {*needs.AUDIO, *needs.WINDOW}


def test_the_tests_need_everything(libraries: ModuleType, needs: ModuleType) -> None:
    everything = {*needs.AUDIO, *needs.WINDOW, *needs.END_TO_END}
    assert set(libraries.needs_for("test", {})) == everything


def test_nothing_missing_runs_nothing(
    libraries: ModuleType, needs: ModuleType, bare_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _program(bare_path, "apt-get")
    recorder = Recorder()
    libc = needs.Need("libc.so.6", "library", ("libc6",) * 4)
    assert libraries.provide([libc], run=recorder) == []
    assert recorder.commands == []
    assert capfd.readouterr() == ("", "")


def test_root_on_debian_installs_exactly_what_is_missing(
    libraries: ModuleType, absent: list, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(bare_path, "apt-get")
    _be_user(monkeypatch, 0)
    recorder = Recorder()
    libraries.provide(absent, run=recorder)
    assert [command[0] for command in recorder.commands] == ["env", "env"]
    assert recorder.commands[0][-1] == "update"
    assert recorder.installed == [["libnosuch9", "nosuch-bin"]]
    assert all("DEBIAN_FRONTEND=noninteractive" in command for command in recorder.commands)


def test_sudo_is_used_if_it_asks_for_no_password(
    libraries: ModuleType, absent: list, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(bare_path, "apt-get")
    _program(bare_path, "sudo")
    _be_user(monkeypatch, 1000)
    recorder = Recorder()
    libraries.provide(absent, run=recorder)
    assert all(command[:2] == ["sudo", "-n"] for command in recorder.commands)
    assert recorder.installed


@pytest.mark.parametrize("sudo", ["none", "wants a password"])
def test_without_rights_the_command_is_named_and_nothing_is_run(
    libraries: ModuleType,
    absent: list,
    bare_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    sudo: str,
) -> None:
    _program(bare_path, "apt-get")
    if sudo != "none":
        _program(bare_path, "sudo", status=1)
    _be_user(monkeypatch, 1000)
    recorder = Recorder()
    assert libraries.provide(absent, run=recorder) == absent
    assert recorder.commands == []
    assert (
        "sudo apt-get install -y --no-install-recommends libnosuch9 nosuch-bin"
        in capfd.readouterr().err
    )


def test_the_opt_out_installs_nothing(
    libraries: ModuleType, absent: list, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(bare_path, "apt-get")
    _be_user(monkeypatch, 0)
    monkeypatch.setenv("TIMBRESCOPE_NO_SYSTEM_INSTALL", "1")
    recorder = Recorder()
    assert libraries.provide(absent, run=recorder) == absent
    assert recorder.commands == []


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("dnf", "sudo dnf install nosuch nosuch-bin"),
        ("pacman", "sudo pacman -S --needed nosuch nosuch-bin"),
        ("zypper", "sudo zypper install nosuch-bin nosuch9"),
    ],
)
def test_other_distributions_get_their_own_command(
    libraries: ModuleType,
    absent: list,
    bare_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    manager: str,
    command: str,
) -> None:
    _program(bare_path, manager)
    _be_user(monkeypatch, 0)
    recorder = Recorder()
    libraries.provide(absent, run=recorder)
    assert recorder.commands == []
    assert command in capfd.readouterr().err


def test_an_unknown_distribution_is_told_the_names(
    libraries: ModuleType, absent: list, bare_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    libraries.provide(absent, run=Recorder())
    assert "libnosuch.so.9, no-such-program" in capfd.readouterr().err


def test_one_package_that_cannot_be_had_does_not_hold_back_the_others(
    libraries: ModuleType, absent: list, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(bare_path, "apt-get")
    _be_user(monkeypatch, 0)
    recorder = Recorder(refuse=["nosuch-bin"])
    libraries.provide(absent, run=recorder)
    assert recorder.installed == [["libnosuch9", "nosuch-bin"], ["libnosuch9"], ["nosuch-bin"]]


def test_missing_libraries_are_no_failure(
    libraries: ModuleType,
    absent: list,
    bare_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(libraries, "END_TO_END", tuple(absent))
    assert libraries.main(["test"]) == 0
    assert "skipped" in capfd.readouterr().err


def test_every_need_names_a_package_for_every_manager(needs: ModuleType) -> None:
    for need in (*needs.AUDIO, *needs.WINDOW, *needs.END_TO_END):
        for manager in needs.MANAGERS:
            assert need.package(manager).strip()
