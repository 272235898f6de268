"""The environment is set up once per state of the lock files, and running never undoes testing."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Commands = list[list[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a folder with the files that the set-up reads."""
    (tmp_path / "requirements").mkdir()
    for name in ("uv.txt", "build.txt", "run.txt", "all.txt"):
        (tmp_path / "requirements" / name).write_text(f"{name}\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "setup.py").write_text("")
    face = tmp_path / "packaging" / "timbrescope"
    face.mkdir(parents=True)
    (face / "__init__.py").write_text("")
    (tmp_path / "packaging" / "environment.py").write_text("")
    for room in ("models", "training", "desktop"):
        (tmp_path / room).mkdir()
    return tmp_path


@pytest.fixture
def commands(environment_script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Give the list of commands that the set-up would have run."""
    ran: Commands = []

    def keep(*command: str | Path) -> None:
        ran.append([str(word) for word in command])

    monkeypatch.setattr(environment_script, "_run", keep)
    return ran


@pytest.fixture
def make(
    environment_script: ModuleType, checkout: Path, commands: Commands
) -> Callable[[str], Commands]:
    """Give a function that sets up for a purpose and returns the commands it needed."""
    folder = checkout / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / "bin" / "uv").touch()
    (folder / "bin" / "activate").write_text(f"VIRTUAL_ENV={folder}\n")
    (folder / "pyvenv.cfg").write_text(f"home = {Path(sys.base_prefix) / 'bin'}\n")

    def set_up(purpose: str) -> Commands:
        commands.clear()
        environment_script.Environment(checkout, folder).set_up(purpose)
        return list(commands)

    return set_up


def _change(checkout: Path, name: str) -> None:
    path = checkout / "requirements" / name
    path.write_text(path.read_text() + "changed\n")


def _files(command: list[str]) -> list[str]:
    return [Path(word).name for word in command if word.endswith(".txt")]


def test_running_installs_its_own_lock_and_the_project(
    make: Callable[[str], Commands],
) -> None:
    locked, project = make("run")
    assert locked[1:3] == ["pip", "sync"]
    assert "--require-hashes" in locked
    assert _files(locked) == ["uv.txt", "build.txt", "run.txt"]
    assert {"--no-deps", "--no-build-isolation", "--editable"} <= set(project)


def test_the_program_is_started_once_so_that_the_first_start_need_not_translate_it(
    environment_script: ModuleType,
    make: Callable[[str], Commands],
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As in many containers.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (checkout / "started.py").write_text("")
    monkeypatch.setattr(environment_script, "STARTS", (("-c", "import started"),))
    make("run")
    assert list((checkout / "__pycache__").glob("started.*.pyc"))


def test_a_start_that_hangs_or_fails_does_not_end_the_set_up(
    environment_script: ModuleType,
    make: Callable[[str], Commands],
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    starts = (("-c", "import time; time.sleep(60)"), ("-c", "1 / 0"))
    monkeypatch.setattr(environment_script, "STARTS", starts)
    monkeypatch.setattr(environment_script, "START_DEADLINE_S", 0.2)
    assert make("run")
    assert make("run") == []


@pytest.mark.parametrize("purpose", ["run", "test"])
def test_a_second_time_does_nothing(make: Callable[[str], Commands], purpose: str) -> None:
    assert make(purpose)
    assert make(purpose) == []


def test_testing_installs_more_and_running_is_ready_then(
    make: Callable[[str], Commands],
) -> None:
    make("run")
    locked, _ = make("test")
    assert _files(locked) == ["uv.txt", "build.txt", "all.txt"]
    assert make("run") == []
    assert make("test") == []


@pytest.mark.parametrize("purpose", ["run", "test"])
def test_a_changed_lock_is_installed(
    make: Callable[[str], Commands], checkout: Path, purpose: str
) -> None:
    make(purpose)
    _change(checkout, {"run": "run.txt", "test": "all.txt"}[purpose])
    assert make(purpose)


def test_running_after_a_changed_lock_removes_no_test_package(
    make: Callable[[str], Commands], checkout: Path
) -> None:
    make("test")
    for name in ("run.txt", "all.txt"):
        _change(checkout, name)
    locked, _ = make("run")
    assert locked[1:3] == ["pip", "install"]
    assert make("test"), "the tests' own packages are still of the old lock"


def test_a_failed_set_up_is_tried_again(
    environment_script: ModuleType,
    make: Callable[[str], Commands],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep = environment_script._run

    def fail(*command: str | Path) -> None:
        raise environment_script.SetupError("the network is down")

    monkeypatch.setattr(environment_script, "_run", fail)
    with pytest.raises(environment_script.SetupError, match="network"):
        make("run")
    monkeypatch.setattr(environment_script, "_run", keep)
    assert make("run")


@pytest.mark.parametrize("damage", ["moved here", "python gone", "nothing there"])
def test_an_environment_that_does_not_work_is_made_anew(
    environment_script: ModuleType,
    make: Callable[[str], Commands],
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    made: list[Path] = []
    monkeypatch.setattr(environment_script, "make_environment", made.append)
    folder = checkout / ".venv"
    if damage == "moved here":
        (folder / "bin" / "activate").write_text("VIRTUAL_ENV=/somewhere/else/.venv\n")
    elif damage == "python gone":
        (folder / "bin" / "python").unlink()
        (folder / "bin" / "python").symlink_to("/no/such/python3.11")
    else:
        shutil.rmtree(folder)
        monkeypatch.setattr(
            environment_script, "make_environment", lambda path: (path.mkdir(), made.append(path))
        )
    make("run")
    assert made == [folder]


def test_a_python_that_cannot_make_environments_names_the_package(
    environment_script: ModuleType,
    scripts: dict[str, ModuleType],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment_script.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("TIMBRESCOPE_NO_SYSTEM_INSTALL", "1")
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    with pytest.raises(environment_script.SetupError, match=package):
        environment_script.make_environment(tmp_path / ".venv")


@pytest.mark.parametrize(
    ("named", "status", "said"),
    [("", 0, "python"), ("/no/such/python", 1, "No Python 3.11 or newer found")],
)
def test_the_python_finder(named: str, status: int, said: str) -> None:
    script = Path(__file__).resolve().parents[2] / "packaging" / "find_python.sh"
    done = subprocess.run(
        ["sh", str(script), named], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == status
    assert said in done.stdout + done.stderr


def test_tools_that_only_read_files_find_the_package_in_one_folder(
    make: Callable[[str], Commands], checkout: Path
) -> None:
    make("test")
    package = checkout / ".venv" / "links" / "timbrescope"
    assert {path.name for path in package.iterdir()} == {
        "__init__.py",
        "models",
        "training",
        "desktop",
    }
    assert all(path.exists() and path.is_symlink() for path in package.iterdir())
