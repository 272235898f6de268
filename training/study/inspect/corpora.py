"""One way to open any corpus: the paper's Kaggle folders, a manifest, or a folder per class."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import (
    MANIFEST_NAME,
    FolderTree,
    Recording,
    list_folder_tree,
    read_manifest,
)
from timbrescope.training.labels import INSTRUMENT_KINDS, TRAIN_SPLIT
from timbrescope.training.study.folder import BASELINE, OWN_TEST
from timbrescope.training.study.inspect.grouping import compiled, infer_groups
from timbrescope.training.study.inspect.kaggle import (
    KAGGLE_WORD,
    CountDifference,
    class_root,
    count_differences,
    download_kaggle,
    looks_like_kaggle,
    read_kaggle,
)

Layout = Literal["kaggle", "manifest", "folders"]

# Names of a study's own files.
RESERVED = frozenset({OWN_TEST, BASELINE})
LONGEST_NAME = 40
DIFFERENCES_STATED = 5


@dataclass(frozen=True)
class Corpus:
    """A corpus as it is listed, before any file is opened.

    Attributes
    ----------
    name : str
        Short, of lower-case letters, digits, ``.``, ``_`` and ``-``: fit for a file's name.
    root : Path
        Absolute; what the paths of its files are relative to.
    layout : {"kaggle", "manifest", "folders"}
    recordings : tuple of Recording
        Those of the 28 instruments, of all the splits that the corpus states.
    remarks : tuple of str
        What a reader of a report should know: unknown folders, how groups were inferred, …
    differences : tuple of CountDifference
        From the paper's counts; only of the Kaggle layout.
    """

    name: str
    root: Path
    layout: Layout
    recordings: tuple[Recording, ...]
    remarks: tuple[str, ...]
    differences: tuple[CountDifference, ...] = ()


def set_name(corpus: str, split: str) -> str:
    """Return the name of the set that a split of a corpus forms: training has the corpus's."""
    return corpus if split == TRAIN_SPLIT else f"{corpus}-{safe_name(split)}"


def safe_name(text: str) -> str:
    """Return a short form of any text that can stand in a file's name."""
    found = re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-.")[:LONGEST_NAME]
    return f"{found or 'corpus'}-corpus" if found in RESERVED or not found else found


def open_corpora(
    words: Sequence[str], *, cache: Path, group_pattern: str | None = None
) -> list[Corpus]:
    """Open several corpora in order, and give each, and each of their splits, its own name."""
    opened: list[Corpus] = []
    taken: set[str] = set()
    for word in words:
        corpus = open_corpus(word, cache=cache, group_pattern=group_pattern)
        number, stem = 1, corpus.name
        while taken & _set_names(corpus):
            number += 1
            corpus = renamed(corpus, f"{stem}-{number}")
        taken |= _set_names(corpus)
        opened.append(corpus)
    return opened


def _set_names(corpus: Corpus) -> set[str]:
    splits = {recording.split for recording in corpus.recordings}
    return {corpus.name} | {set_name(corpus.name, split) for split in splits}


def renamed(corpus: Corpus, name: str) -> Corpus:
    """Return the corpus under another name; groups that were inferred bear it as well."""
    if corpus.layout == "manifest":
        return replace(corpus, name=name)
    old = len(corpus.name)
    recordings = (
        replace(recording, group=name + recording.group[old:]) for recording in corpus.recordings
    )
    return replace(corpus, name=name, recordings=tuple(recordings))


def open_corpus(path_or_word: str, *, cache: Path, group_pattern: str | None = None) -> Corpus:
    """List a corpus without opening its files.

    Parameters
    ----------
    path_or_word : str
        A manifest or a folder with one; a folder with one folder per class, such as the
        paper's; or the word ``kaggle``, which downloads the paper's data set.
    cache : Path
        Where the download goes.
    group_pattern : str or None
        For corpora without a manifest: see `training.study.inspect.grouping.infer_groups`.

    Raises
    ------
    CorpusError
        If there is nothing to read there, or nothing of the 28 instruments.
    """
    if group_pattern is not None:
        compiled(group_pattern)
    if path_or_word == KAGGLE_WORD:
        root = download_kaggle(target=cache / "kaggle")
        return _of_folders(root, name=KAGGLE_WORD, group_pattern=group_pattern)
    root = Path(path_or_word).expanduser().resolve()
    if not root.exists():
        raise CorpusError(
            f"there is no corpus at {root}; give a folder with one folder per instrument, a "
            f"{MANIFEST_NAME}, or the word {KAGGLE_WORD!r}"
        )
    manifest = root / MANIFEST_NAME if root.is_dir() else root
    if manifest.is_file():
        return _of_manifest(manifest)
    return _of_folders(root, name=safe_name(root.name), group_pattern=group_pattern)


def _of_manifest(manifest: Path) -> Corpus:
    """Return the instruments of a manifest; a file that is missing is for the inspection."""
    listed = read_manifest(manifest, check_files=False)
    recordings = tuple(found for found in listed if found.kind in INSTRUMENT_KINDS)
    if not recordings:
        raise CorpusError(f"the manifest {manifest} lists no recording of the 28 instruments")
    others = len(listed) - len(recordings)
    count = "1 file" if others == 1 else f"{others} files"
    remarks = (f"{count} of none of the 28 instruments, not used",) if others else ()
    generic = manifest.name == MANIFEST_NAME
    name = safe_name(manifest.parent.name if generic else manifest.stem)
    return Corpus(name, manifest.parent, "manifest", recordings, remarks)


def _of_folders(root: Path, *, name: str, group_pattern: str | None) -> Corpus:
    kaggle = looks_like_kaggle(root)
    top = class_root(root)
    tree = read_kaggle(root) if kaggle else list_folder_tree(top)
    source = KAGGLE_WORD if kaggle else name
    recordings = tuple(replace(found, source=source) for found in tree.recordings)
    grouping = infer_groups(recordings, root=top, corpus=name, pattern=group_pattern)
    differences = tuple(count_differences(recordings)) if kaggle else ()
    remarks = (*grouping.remarks, *_unknown(tree), *_counted(differences, kaggle=kaggle))
    layout: Layout = "kaggle" if kaggle else "folders"
    return Corpus(name, top, layout, grouping.recordings, remarks, differences)


def _unknown(tree: FolderTree) -> Iterable[str]:
    if tree.unknown_folders:
        yield f"folders that name none of the 28 classes: {', '.join(tree.unknown_folders)}"


def _counted(differences: Sequence[CountDifference], *, kaggle: bool) -> Iterable[str]:
    if differences:
        worst = sorted(differences, key=lambda d: -abs(d.found - d.paper))[:DIFFERENCES_STATED]
        stated = ", ".join(f"{d.instrument} {d.found} for {d.paper}" for d in worst)
        yield (
            f"other numbers of clips than in the paper in {len(differences)} classes, most of all "
            f"{stated}"
        )
    elif kaggle:
        yield "as many clips of every class as in the paper"
