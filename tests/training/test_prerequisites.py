from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from timbrescope.training import prerequisites
from timbrescope.training.corpus.build import ALL_PACKAGES, build_corpus, require_for_build
from timbrescope.training.packages.fetch import clients_for, package_folder
from timbrescope.training.packages.pinned import PACKAGES
from timbrescope.training.prerequisites import PrerequisiteError, require_programs, require_space

DEBIAN = next(package for package in PACKAGES if package.client == "apt")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which a byte less than 1 GB is free."""
    usage = SimpleNamespace(free=999_999_999)
    monkeypatch.setattr(prerequisites.shutil, "disk_usage", lambda _: usage)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system on which nothing is installed."""
    monkeypatch.setattr(prerequisites.shutil, "which", lambda _: None)


def test_what_is_not_installed_is_named(bare: None) -> None:
    with pytest.raises(PrerequisiteError, match="cannot sing: not installed flute, lyre;"):
        require_programs(["lyre", "flute", "lyre"], purpose="sing")
    require_programs([], purpose="sing")


def test_space_is_asked_for_below_a_folder_that_is_still_to_be_made(
    full: None, tmp_path: Path
) -> None:
    require_space(tmp_path / "a" / "b", 999_999_999, purpose="store")
    with pytest.raises(PrerequisiteError, match=r"needs 1\.0 GB and 1\.0 GB are free"):
        require_space(tmp_path / "a" / "b", 1_000_000_000, purpose="store")
    assert not (tmp_path / "a").exists()


def test_a_corpus_is_not_begun_without_its_programs(bare: None, tmp_path: Path) -> None:
    with pytest.raises(PrerequisiteError, match="apt-get, dpkg, fluidsynth, npm, pip"):
        build_corpus(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_corpus_is_not_begun_on_a_full_disk(
    full: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(prerequisites.shutil, "which", lambda name: name)
    with pytest.raises(PrerequisiteError, match=r"needs 5\.0 GB"):
        build_corpus(tmp_path)
    assert not list(tmp_path.iterdir())
    require_for_build(ALL_PACKAGES[:1], tmp_path)


def test_only_what_is_still_to_be_fetched_needs_a_client(tmp_path: Path) -> None:
    npm = replace(DEBIAN, client="npm", name="other")
    assert clients_for([DEBIAN, npm], tmp_path) == {"apt-get", "dpkg", "npm"}
    downloads = tmp_path / "packages" / "downloads"
    downloads.mkdir(parents=True)
    (downloads / DEBIAN.file).touch()
    assert clients_for([DEBIAN], tmp_path) == {"dpkg"}
    package_folder(DEBIAN, tmp_path).mkdir()
    assert clients_for([DEBIAN], tmp_path) == set()
