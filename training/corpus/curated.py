"""What is known of recordings beyond what their manifests state: which are the same, or wrong.

Two corpora may hold the same recordings under other names; together they form one group, or a
split would part what belongs together.
"""

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatch

from timbrescope.training.corpus.recordings import Recording

# Found by comparing waveforms (normalised correlation of attacks above 0.85 for most notes) or
# stated by both sources: collections of the repositories named on the left, and the group that
# they belong to.
SAME_RECORDINGS = {
    "Tonejs+audio:Piano": "salamander:Piano",
    "sfzinstruments+Discord-SFZ-GM-Bank:Piano": "salamander:Piano",
    "adewale+keyboardia:Keyboard": "sfzinstruments+jlearman.jRhodes3c:Keyboard",
    "sfzinstruments+Discord-SFZ-GM-Bank:Keyboard": "sfzinstruments+jlearman.jRhodes3c:Keyboard",
    # Karoryfer's libraries.
    "sfzinstruments+karoryfer.weresax:Saxophone": "tonejs-instrument-saxophone:Saxophone",
    "sfzinstruments+karoryfer.emilyguitar:electric-guitar": (
        "tonejs-instrument-guitar-electric:Electric Guitar"
    ),
    "sfzinstruments+karoryfer.pastabass:bass-guitar": "tonejs-instrument-bass-electric:Bass Guitar",
    # The orchestra of VSCO 2 CE.
    "tmhglnd+mercury:clarinet": "tonejs-instrument-clarinet:Clarinet",
    "tmhglnd+mercury:flute": "tonejs-instrument-flute:Flute",
    "autotel+forbidden-music:trombone": "tonejs-instrument-trombone:Trombone",
    "generative-music+samples-alex-bainter-vsco2:violin": "tonejs-instrument-violin:Violin",
    # Studio recordings of the University of Iowa.
    "sclause2412+grandorgue-organ-huber:Piano": "adewale+keyboardia:Piano",
    "joinnymike-gif+music-editor:acoustic-guitar": (
        "tonejs-instrument-guitar-acoustic:Acoustic Guitar"
    ),
}


# Recordings that are plainly not what their manifest says: group, names of files, and why.
MISLABELLED = (
    (
        "fmcgeough+blog_posts:Dobro",
        "*lowden-open-g*",
        "a Lowden is a flat-top acoustic guitar; an audio tagger hears one in all of them",
    ),
    (
        "fmcgeough+blog_posts:Dobro",
        "*taylor-310-open-g-slide*",
        "a Taylor 310 is a flat-top acoustic guitar, here played with a slide",
    ),
)


def curated(recordings: Iterable[Recording]) -> list[Recording]:
    """Return `recordings` without those of `MISLABELLED`, with one name for each group.

    So no split parts a group. Other instruments of one source are groups of their own: whole
    instruments are held out.
    """
    return [
        replace(recording, group=_group_of(recording))
        for recording in recordings
        if not _is_mislabelled(recording)
    ]


def _is_mislabelled(recording: Recording) -> bool:
    return any(
        recording.group == group and fnmatch(recording.path.name, names)
        for group, names, _ in MISLABELLED
    )


def _group_of(recording: Recording) -> str:
    group = SAME_RECORDINGS.get(recording.group, recording.group)
    if recording.what and not group.endswith(recording.what):
        return f"{group}:{recording.what}"
    return group
