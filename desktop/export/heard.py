"""What was just heard, on disk: the sound, and beside it what was said of it.

`NAME.flac` or `NAME.wav` is the sound, `NAME.json` the verdicts with what they rest on, `NAME.txt`
the same as a label track (Audacity: File, Import, Labels).
"""

import json
from pathlib import Path
from typing import Any

from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.said import gap_record, label_line, labels_of, verdict_record
from timbrescope.desktop.export.whole_file import whole_file
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ

SUFFIXES = (".flac", ".wav")


def save_heard(
    history: History, path: Path, *, start_s: float | None = None, end_s: float | None = None
) -> tuple[Path, ...]:
    """Write a stretch of what was heard, all of it unless said otherwise.

    Parameters
    ----------
    history : History
    path : Path
        Of the sound; its ending says which format.
    start_s, end_s : float, optional
        Seconds of the session.

    Returns
    -------
    tuple of Path
        The files that were written: sound, verdicts, labels. Times in them count from the
        beginning of the sound.

    Raises
    ------
    AudioFileError
        If nothing is kept, the ending is not known, or it cannot be written; what was at `path`
        stays as it was.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise AudioFileError(f"{path.name!r} does not end in {' or '.join(SUFFIXES)}")
    begin_s = history.start_s if start_s is None else max(start_s, history.start_s)
    until_s = history.end_s if end_s is None else min(end_s, history.end_s)
    if until_s <= begin_s:
        raise AudioFileError("there is nothing to save yet: nothing was heard")
    # Not with the window, which may never save a thing.
    import soundfile

    files = (path, path.with_suffix(".json"), path.with_suffix(".txt"))
    kept = history.between(begin_s, until_s)
    try:
        _write_sound(history, path, begin_s=begin_s, until_s=until_s)
        with whole_file(files[1]) as file:
            record = _record(kept, path.name, begin_s=begin_s, until_s=until_s)
            json.dump(record, file, indent=1, allow_nan=False)
        with whole_file(files[2]) as file:
            file.write(heard_labels(kept, begin_s=begin_s, until_s=until_s))
    except (OSError, soundfile.LibsndfileError) as error:
        raise AudioFileError(f"{path.name!r} cannot be written: {error}") from error
    return files


def _write_sound(history: History, path: Path, *, begin_s: float, until_s: float) -> None:
    import soundfile

    draft = path.with_name(f"{path.stem}.part{path.suffix}")
    try:
        soundfile.write(draft, history.samples(begin_s, until_s), SAMPLE_RATE_HZ, subtype="PCM_24")
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def heard_labels(history: History, *, begin_s: float, until_s: float) -> str:
    """Return the label track of a stretch of the session, counted from `begin_s`."""
    return "".join(
        label_line(max(0.0, first_s - begin_s), min(last_s, until_s) - begin_s, words)
        for first_s, last_s, words in sorted(labels_of([*history.verdicts, *history.gaps]))
    )


def _record(history: History, sound: str, *, begin_s: float, until_s: float) -> dict[str, Any]:
    return {
        "sound": sound,
        "sample_rate_hz": SAMPLE_RATE_HZ,
        "session_start_s": round(begin_s, 3),
        "duration_s": round(until_s - begin_s, 3),
        "verdicts": [verdict_record(each, begin_s=begin_s) for each in history.verdicts],
        "gaps": [gap_record(each, begin_s=begin_s) for each in history.gaps],
    }
