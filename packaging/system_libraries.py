"""Find the system libraries that are missing; install them on Debian and Ubuntu, else name them.

``python packaging/system_libraries.py run|test`` looks for what `system_needs` lists. Where
``apt-get`` can be used without asking (as root or with a password-free sudo) it installs what is
missing; everywhere else it prints the command to type. It never fails for a missing library: the
app says what it cannot do without it, and the tests which need it are skipped with the reason.

Only the standard library is used, since this runs before the environment exists.
"""

import argparse
import ctypes
import importlib
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from system_needs import (
    AUDIO,
    END_TO_END,
    INSTALL_COMMANDS,
    MANAGERS,
    WINDOW,
    Manager,
    Need,
)

OPT_OUT = "TIMBRESCOPE_NO_SYSTEM_INSTALL"
APT_TIMEOUT_S = 900
DPKG_LOCK_WAIT_S = 120
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_SUFFIXES = (".ttf", ".otf", ".ttc")
LIBRARY_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib")

Runner = Callable[[Sequence[str]], int]


def has_display(environment: Mapping[str, str]) -> bool:
    """Return whether a window could be shown in `environment`."""
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def needs_for(purpose: str, environment: Mapping[str, str]) -> tuple[Need, ...]:
    """Return what `purpose` needs: ``run`` (a window only where there is a display) or ``test``."""
    if purpose == "run":
        return (*AUDIO, *WINDOW) if has_display(environment) else AUDIO
    return (*AUDIO, *WINDOW, *END_TO_END)


def is_present(need: Need) -> bool:
    """Return whether the system provides `need`."""
    if need.check == "library":
        return _loads(need.name)
    if need.check == "program":
        return shutil.which(need.name) is not None
    if need.check == "alsa plugin":
        return _has_alsa_plugin(need.name)
    if need.check == "module":
        importlib.invalidate_caches()
        return importlib.util.find_spec(need.name) is not None
    return _has_font()


def _loads(soname: str) -> bool:
    # What the dynamic loader itself says, for this interpreter's own architecture; asking for
    # packages instead would be wrong wherever a library came from elsewhere.
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _has_alsa_plugin(name: str) -> bool:
    own = os.environ.get("ALSA_PLUGIN_DIR")
    if own and (Path(own) / name).is_file():
        return True
    patterns = (f"alsa-lib/{name}", f"*/alsa-lib/{name}")
    return any(
        next(Path(folder).glob(pattern), None) is not None
        for folder in LIBRARY_FOLDERS
        for pattern in patterns
    )


def _has_font() -> bool:
    for folder in FONT_FOLDERS:
        for _, _, files in os.walk(Path(folder).expanduser()):
            if any(name.lower().endswith(FONT_SUFFIXES) for name in files):
                return True
    return False


def missing(needs: Iterable[Need]) -> list[Need]:
    """Return those of `needs` that the system does not provide."""
    return [need for need in needs if not is_present(need)]


def package_manager() -> Manager | None:
    """Return the distribution's package manager, if it is one we know package names for."""
    return next((name for name in MANAGERS if shutil.which(name)), None)


def packages_of(needs: Iterable[Need], manager: Manager) -> list[str]:
    """Return the packages of `manager` that bring `needs`, each once, in order of name."""
    return sorted({need.package(manager) for need in needs})


def privilege() -> list[str] | None:
    """Return what to put before a command to run it as root: nothing, sudo, or None if neither."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _quietly(["sudo", "-n", "true"]) == 0:
        return ["sudo", "-n"]
    return None


def _quietly(command: Sequence[str]) -> int:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=30,
    ).returncode


def run_visibly(command: Sequence[str]) -> int:
    """Run `command` with its output shown and return its exit status (124 if it took too long)."""
    print("+", shlex.join(command), flush=True)
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, check=False, timeout=APT_TIMEOUT_S
        ).returncode
    except subprocess.TimeoutExpired:
        return 124


def apt_install(packages: Sequence[str], *, prefix: Sequence[str], run: Runner) -> None:
    """Install `packages` with apt-get; if they cannot all be had together, one after the other.

    Nothing that is installed is ever removed for it: on a desktop whose sound server excludes
    PulseAudio the package is left out, and the tests that need it are skipped.
    """
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    apt += ["-o", f"DPkg::Lock::Timeout={DPKG_LOCK_WAIT_S}"]
    install = [*apt, "install", "-y", "--no-install-recommends", "--no-remove"]
    run([*apt, "update"])
    if run([*install, *packages]) != 0 and len(packages) > 1:
        for package in packages:
            run([*install, package])


def advice(needs: Sequence[Need], manager: Manager | None) -> str:
    """Return what to tell a person who has to install `needs` themselves."""
    names = ", ".join(need.name for need in needs)
    if manager is None:
        return (
            f"Missing on this system: {names}.\nInstall the packages that bring them with this "
            "system's package manager."
        )
    command = shlex.join(("sudo", *INSTALL_COMMANDS[manager], *packages_of(needs, manager)))
    return f"Missing on this system: {names}.\nInstall them with:\n    {command}"


def provide(needs: Iterable[Need], *, run: Runner = run_visibly) -> list[Need]:
    """Install what is missing of `needs` where that can be done; say what is still missing.

    Returns
    -------
    list[Need]
        What is still missing.
    """
    lacking = missing(needs)
    if not lacking:
        return []
    manager = package_manager()
    prefix = None if os.environ.get(OPT_OUT) else privilege()
    if manager == "apt-get" and prefix is not None:
        print(f"Missing on this system: {', '.join(need.name for need in lacking)}.")
        apt_install(packages_of(lacking, manager), prefix=prefix, run=run)
        lacking = missing(lacking)
    if lacking:
        print(advice(lacking, manager), file=sys.stderr)
    return lacking


def main(arguments: Sequence[str] | None = None) -> int:
    """Provide what the purpose named on the command line needs; 0 whatever is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("purpose", choices=("run", "test"))
    purpose = parser.parse_args(arguments).purpose
    if platform.system() != "Linux":
        return 0
    lacking = provide(needs_for(purpose, os.environ))
    if lacking and purpose == "test":
        print("Going on: the tests which need these are skipped with the reason.", file=sys.stderr)
    elif lacking:
        print("Going on without them.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
