"""Set up ``.venv`` from the lock files: ``python packaging/environment.py run|test|tools``.

``run`` installs what the app needs, ``test`` adds what training and the tests need (TensorFlow
among it), ``tools`` only the installer (for ``make lock``). Every package comes from a lock file
with its hash. A second call with unchanged lock files does nothing, and ``run`` after ``test``
removes nothing.

The installer is uv, which pip puts into the environment once; the project itself is installed
editable, built without a download by the setuptools that ``requirements/build.txt`` pins. Only
the standard library is used.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
# The folders that are packages below ``timbrescope``, and what of its own face is linked.
ROOMS = ("models", "training", "desktop")
FACE_SUFFIXES = (".py", ".typed")
PROJECT_FILES = ("pyproject.toml", "setup.py", "packaging/environment.py")
LOCKS = {
    "run": ("uv.txt", "build.txt", "run.txt"),
    "test": ("uv.txt", "build.txt", "all.txt"),
}
# Between them they load what a start loads, and each ends by itself.
STARTS = (
    ("-c", "import timbrescope.desktop.views.application, scipy.ndimage"),
    ("-m", "timbrescope", "devices"),
    ("-m", "timbrescope", "classify", "--quiet", "desktop/demo/violin.ogg"),
)
START_DEADLINE_S = 120.0


class SetupError(Exception):
    """The environment could not be set up; the message says what to do."""


class Environment:
    """The virtual environment of one checkout.

    Parameters
    ----------
    root
        The checkout: it holds ``requirements/`` and ``pyproject.toml``.
    folder
        Where the environment is or will be.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self._programs = folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self._programs / ("python.exe" if os.name == "nt" else "python")

    @property
    def uv(self) -> Path:
        """The installer inside the environment."""
        return self._programs / ("uv.exe" if os.name == "nt" else "uv")

    def locks(self, purpose: str) -> list[Path]:
        """Return the lock files of `purpose` (``run`` or ``test``)."""
        return [self.root / "requirements" / name for name in LOCKS[purpose]]

    def digest(self, purpose: str) -> str:
        """Return what has to be the same for an earlier set-up of `purpose` to be still good.

        Contents count, not times: a fresh checkout of the same state needs no new set-up. The
        checkout's own path counts too, since scripts in an environment hold it.
        """
        summary = hashlib.sha256(str(self.root).encode())
        for path in (*self.locks(purpose), *map(self.root.joinpath, PROJECT_FILES)):
            summary.update(path.read_bytes())
        return summary.hexdigest()

    def stamp(self, purpose: str) -> Path:
        """Return the file that records a finished set-up of `purpose`."""
        return self.folder / f".stamp-{purpose}"

    def is_ready(self, purpose: str) -> bool:
        """Return whether `purpose` is set up; what is ready for tests is ready to run."""
        stamps = {"run": ("run", "test"), "test": ("test",)}[purpose]
        return self.python.exists() and any(self._has_stamp(name) for name in stamps)

    def _has_stamp(self, purpose: str) -> bool:
        stamp = self.stamp(purpose)
        return stamp.is_file() and stamp.read_text().strip() == self.digest(purpose)

    def create(self) -> None:
        """Create the environment if there is none that works, and put uv into it."""
        if not self._works():
            make_environment(self.folder)
        if not self.uv.exists():
            lock = self.root / "requirements" / "uv.txt"
            _run(self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check",
                 "--require-hashes", "-r", lock)  # fmt: skip

    def _works(self) -> bool:
        """Whether the interpreter starts, belongs here and is new enough.

        One that was copied or moved here still names its old folder in its scripts, and one whose
        system Python was upgraded away does not start: both are made anew.
        """
        check = (
            "import pathlib, sys; "
            f"new = sys.version_info >= {OLDEST_PYTHON}; "
            "here = sys.argv[2] in pathlib.Path(sys.argv[1]).read_text(); "
            "sys.exit(not (new and here))"
        )
        script = self._programs / ("activate.bat" if os.name == "nt" else "activate")
        if not (self.python.exists() and script.exists()):
            return False
        command = [str(self.python), "-c", check, str(script), str(self.folder)]
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0

    def set_up(self, purpose: str) -> None:
        """Bring the environment to what `purpose` needs, if it is not there yet."""
        if self.is_ready(purpose):
            return
        print(f"Setting up {self.folder.name} ({purpose}) from the lock files ...", flush=True)
        self.create()
        keep = purpose == "run" and self.stamp("test").is_file()
        for name in LOCKS:
            self.stamp(name).unlink(missing_ok=True)
        self._install_locked(purpose, keep=keep)
        self._install_project()
        self._start_once()
        if purpose == "test":
            self.link_packages()
        self.stamp(purpose).write_text(self.digest(purpose) + "\n")

    def _install_locked(self, purpose: str, *, keep: bool) -> None:
        target = ("--python", self.python, "--require-hashes")
        if keep:
            files = [part for lock in self.locks(purpose) for part in ("-r", lock)]
            _run(self.uv, "pip", "install", *target, *files)
        else:
            _run(self.uv, "pip", "sync", *target, *self.locks(purpose))

    def _install_project(self) -> None:
        _run(self.uv, "pip", "install", "-q", "--python", self.python, "--no-deps",
             "--no-build-isolation", "--editable", self.root)  # fmt: skip

    def _start_once(self) -> None:
        """Let Python translate what a start loads, and keep it beside the sources.

        uv leaves that to the first start, which takes several times as long; where Python is told
        to write nothing, as in many containers, every start would. What does not work here for want
        of a library is said when it is needed.
        """
        settings = _settings()
        settings.pop("PYTHONDONTWRITEBYTECODE", None)
        for arguments in STARTS:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(
                    [self.python, *arguments],
                    check=False,
                    cwd=self.root,
                    env=settings,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=START_DEADLINE_S,
                )

    def link_packages(self) -> None:
        """Lay the package out as links below ``links/``, for tools that only read files.

        An editable install finds ``timbrescope.models`` in ``models/`` when Python runs; type
        checkers, import-linter and editors look for a folder of that name.

        Raises
        ------
        SetupError
            If the system does not let this user make links.
        """
        place = self.folder / "links" / "timbrescope"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        face = self.root / "packaging" / "timbrescope"
        targets = [*(path for path in face.iterdir() if path.suffix in FACE_SUFFIXES)]
        targets += [self.root / room for room in ROOMS]
        try:
            for target in targets:
                (place / target.name).symlink_to(os.path.relpath(target, place))
        except OSError as error:
            raise SetupError(
                f"cannot make links in {place} ({error}); on Windows, switch developer mode on"
            ) from error


def make_environment(folder: Path) -> None:
    """Create a virtual environment with pip in `folder`, in place of one that is broken.

    Raises
    ------
    SetupError
        If this Python cannot make one, with what to install.
    """
    if importlib.util.find_spec("ensurepip") is None:
        _provide_ensurepip()
    print(f"Creating {folder} with Python {sys.version.split()[0]} ...", flush=True)
    try:
        venv.create(folder, clear=True, with_pip=True, symlinks=os.name != "nt")
    except (subprocess.CalledProcessError, OSError) as error:
        raise SetupError(f"could not create {folder}: {error}") from error


def _provide_ensurepip() -> None:
    """Debian keeps ``ensurepip`` in a package of its own: install it, or say so."""
    from system_libraries import provide
    from system_needs import Need

    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    need = Need("ensurepip", "module", (package, "python3-pip", "python-pip", "python3-pip"))
    if provide([need]):
        raise SetupError(
            f"{sys.executable} cannot create virtual environments: its module ensurepip is "
            f"missing. On Debian and Ubuntu install {package}; or name another Python with "
            "make PYTHON=..."
        )


def _run(*command: str | Path) -> None:
    words = [str(word) for word in command]
    status = subprocess.run(words, check=False, env=_settings()).returncode
    if status != 0:
        raise SetupError(f"`{shlex.join(words)}` failed with exit status {status} (see above)")


def _settings() -> dict[str, str]:
    """Return this process's variables less those that lead to another place than an environment."""
    elsewhere = ("VIRTUAL_ENV", "PYTHONHOME", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_USER")
    return {name: value for name, value in os.environ.items() if name not in elsewhere}


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up the environment for the purpose named on the command line; 1 if that failed."""
    parser = argparse.ArgumentParser(description="Set up .venv from the lock files.")
    parser.add_argument("purpose", choices=("run", "test", "tools"))
    purpose = parser.parse_args(arguments).purpose
    environment = Environment(ROOT, ROOT / ".venv")
    try:
        if purpose == "tools":
            environment.create()
        else:
            environment.set_up(purpose)
    except SetupError as error:
        print(f"environment: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
