"""What was just heard, on disk: the sound, and beside it what was said of it.

`NAME.flac` or `NAME.wav` is the sound, `NAME.json` the verdicts with what they rest on, `NAME.txt`
the same as a label track (Audacity: File, Import, Labels).
"""

import json
import math
from pathlib import Path
from typing import Any

import soundfile

from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.messages import Gap
from timbrescope.desktop.export.whole_file import whole_file
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.errors import AudioFileError
from timbrescope.models.evidence import BACKGROUND
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.instruments import NAMES

SUFFIXES = (".flac", ".wav")
_LABELLED = (State.INSTRUMENT, State.NOT_SURE, State.NONE_OF_THEM)


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
    draft = path.with_name(f"{path.stem}.part{path.suffix}")
    try:
        soundfile.write(draft, history.samples(begin_s, until_s), SAMPLE_RATE_HZ, subtype="PCM_24")
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def heard_labels(history: History, *, begin_s: float, until_s: float) -> str:
    """Return the label track of a stretch of the session, counted from `begin_s`."""
    lines = [
        *(
            (each.start_s, each.end_s, _label(each))
            for each in history.verdicts
            if each.state in _LABELLED
        ),
        *((each.start_s, each.end_s, each.words) for each in history.gaps),
    ]
    return "".join(
        label_line(max(0.0, first_s - begin_s), min(last_s, until_s) - begin_s, words)
        for first_s, last_s, words in sorted(lines)
    )


def label_line(start_s: float, end_s: float, words: str) -> str:
    """Return one line of a label track."""
    return f"{start_s:.6f}\t{max(start_s, end_s):.6f}\t{' '.join(words.split())}\n"


def _label(verdict: Analysis) -> str:
    if verdict.state is State.NONE_OF_THEM:
        return str(verdict.state)
    doubt = "" if verdict.state is State.INSTRUMENT else "?"
    return f"{NAMES[verdict.best]}{doubt} {verdict.probability:.0%}"


def _record(history: History, sound: str, *, begin_s: float, until_s: float) -> dict[str, Any]:
    return {
        "sound": sound,
        "sample_rate_hz": SAMPLE_RATE_HZ,
        "session_start_s": round(begin_s, 3),
        "duration_s": round(until_s - begin_s, 3),
        "verdicts": [verdict_record(each, begin_s=begin_s) for each in history.verdicts],
        "gaps": [gap_record(each, begin_s=begin_s) for each in history.gaps],
    }


def verdict_record(verdict: Analysis, *, begin_s: float = 0.0) -> dict[str, Any]:
    """Return a verdict as a JSON record; its times count from `begin_s`."""
    # JSON has no infinity: the level of digital silence is null.
    level = round(verdict.level_dbfs, 2) if math.isfinite(verdict.level_dbfs) else None
    return {
        "start_s": round(verdict.start_s - begin_s, 3),
        "end_s": round(verdict.end_s - begin_s, 3),
        "level_dbfs": level,
        "state": str(verdict.state),
        "instrument": verdict.instrument,
        "probability": round(verdict.probability, 6),
        "model": f"{verdict.model.name} {verdict.model.version}",
        "evidence": _evidence_record(verdict),
    }


def _evidence_record(verdict: Analysis) -> dict[str, Any] | None:
    found = verdict.evidence
    if found is None:
        return None
    return {
        "explained": "none of them" if found.explained == BACKGROUND else NAMES[found.explained],
        "for_nats": round(found.gain, 4),
        "against_nats": round(found.loss, 4),
    }


def gap_record(gap: Gap, *, begin_s: float = 0.0) -> dict[str, Any]:
    """Return a gap as a JSON record; its times count from `begin_s`."""
    return {
        "start_s": round(gap.start_s - begin_s, 3),
        "end_s": round(gap.end_s - begin_s, 3),
        "lasted_s": round(gap.lasted_s, 3),
        "reason": str(gap.reason),
        "detail": gap.detail,
    }
