"""The steps before training: look at every file, extract, explore, split."""

from collections.abc import Iterator
from contextlib import contextmanager

from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.files import write_json
from timbrescope.training.hashes import short_hash
from timbrescope.training.study.clips import Clip, read_clips, write_clips
from timbrescope.training.study.extract.extraction import extract
from timbrescope.training.study.folder import PART_NAMES, StudyFolder
from timbrescope.training.study.inspect.corpora import Corpus, open_corpora
from timbrescope.training.study.inspect.inspection import inspect
from timbrescope.training.study.inspect.rows import Inspected, read_inspected, usable
from timbrescope.training.study.ledger import file_fingerprint
from timbrescope.training.study.split.selection import limit_clips
from timbrescope.training.study.split.splits import make_split, write_split
from timbrescope.training.study.study import Study
from timbrescope.training.study.tasks import Progress

# Stands for the corpus that is rendered from registry packages.
PACKAGES_WORD = "packages"


def inspect_corpora(study: Study) -> None:
    """List the corpora, look at every file that is new, and write the clips that are used.

    Raises
    ------
    CorpusError
        If a corpus is not there, or nothing in the corpora can be used.
    """
    corpora = open_study_corpora(study)
    with _bar("files looked at") as progress:
        rows = inspect(
            corpora,
            table=study.folder.inspection,
            workers=study.machine.workers,
            scheduler=study.machine.scheduler,
            progress=progress,
        )
    trained_with = corpora[: len(study.settings.corpora)]
    _write_corpora(study.folder, corpora, trained_with=trained_with)
    names = {corpus.name for corpus in trained_with}
    clips = _chosen(study, usable(rows), names=names)
    if not any(clip.corpus in names for clip in clips):
        raise _nothing_left(rows)
    write_clips(clips, study.folder.clips)
    left_out = sum(not row.used for row in rows)
    study.say(f"  {len(rows)} files, {left_out} of them left out; {len(clips)} clips")


def open_study_corpora(study: Study) -> list[Corpus]:
    """Return the corpora to train with, then those only measured with."""
    cache = study.machine.cache
    words = [_place(word, study=study) for word in (*study.settings.corpora, *study.settings.tests)]
    return open_corpora(words, cache=cache, group_pattern=study.settings.group_pattern)


def _place(word: str, *, study: Study) -> str:
    if word != PACKAGES_WORD:
        return word
    from timbrescope.training.corpus.build import build_corpus

    return str(build_corpus(study.machine.cache))


def _write_corpora(
    folder: StudyFolder, corpora: list[Corpus], *, trained_with: list[Corpus]
) -> None:
    stated = [
        {
            "name": corpus.name,
            "layout": corpus.layout,
            "trains": corpus in trained_with,
            "files": len(corpus.recordings),
            "remarks": list(corpus.remarks),
        }
        for corpus in corpora
    ]
    write_json(folder.corpora, stated)


def _chosen(study: Study, clips: list[Clip], *, names: set[str]) -> list[Clip]:
    """Return the clips within the limit that was asked for; test sets are never cut down."""
    per_class, seed = study.settings.clips_per_class, study.settings.seed
    limited = limit_clips(
        [clip for clip in clips if clip.corpus in names], per_class=per_class, seed=seed
    )
    return limited + [clip for clip in clips if clip.corpus not in names]


def _nothing_left(rows: list[Inspected]) -> CorpusError:
    reasons = sorted({row.problem for row in rows if row.problem})
    return CorpusError(
        f"none of the {len(rows)} files can be trained with"
        + (f" ({', '.join(reasons)})" if reasons else "")
        + "; the reason for each stands in corpus/inspection.csv"
    )


def extract_features(study: Study) -> None:
    """Extract the features of the clips that are not stored yet."""
    clips = read_clips(study.folder.clips)
    with _bar("clips extracted") as progress:
        report = extract(
            clips,
            study.store,
            workers=study.machine.workers,
            scheduler=study.machine.scheduler,
            progress=progress,
        )
    for path, reason in report.failures:
        study.note_problem("extract", what=path.name, reason=reason)
    study.say(f"  {report.extracted} clips extracted, {report.found} were there")


def explore_corpora(study: Study) -> None:
    """Describe the corpora: classes, lengths, levels, copies, near-copies.

    Raises
    ------
    CorpusError
        If no clip is extracted.
    """
    clips = study.stored_clips()
    if not clips:
        raise CorpusError("no clip is extracted yet; run the step 'extract' first")
    done = study.ledger.run(
        "explore",
        lambda: _explore(study, clips),
        key=short_hash(
            file_fingerprint(study.folder.inspection, study.folder.clips),
            *(clip.name for clip in clips),
        ),
        files=(study.folder.exploration,),
    )
    study.say("  explored" if done else "  is there")


def _explore(study: Study, clips: list[Clip]) -> None:
    from timbrescope.training.study.explore.exploration import explore
    from timbrescope.training.study.explore.near_duplicates import compact, near_duplicates
    from timbrescope.training.study.explore.records import write_exploration
    from timbrescope.training.study.explore.waveforms import check_waveforms

    near = near_duplicates(
        compact(study.store.table(clips, kind="mel")),
        [clip.name for clip in clips],
        [clip.group for clip in clips],
        [clip.label for clip in clips],
    )
    found = explore(
        read_inspected(study.folder.inspection),
        clips,
        open_study_corpora(study),
        near=check_waveforms(near, clips),
    )
    write_exploration(found, study.folder.exploration)


def split_clips(study: Study) -> None:
    """Write each split with its summary; the same clips are always split the same way.

    Groups that the exploration found to hold one recording count as one.
    """
    clips = study.training_clips()
    for name in study.settings.splits:
        split = make_split(clips, name, seed=study.settings.seed)
        write_split(split, study.folder.split(name))
        write_json(study.folder.split_summary(name), split.summary(clips))
        sizes = ", ".join(f"{part} {len(split.of_part(clips, part))}" for part in PART_NAMES)
        study.say(f"  {name}: {sizes}")


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """Show a progress bar on the terminal; yield what is told (done, total)."""
    from tqdm import tqdm

    # Nothing is drawn into a log.
    with tqdm(desc=what, unit="", leave=False, disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
