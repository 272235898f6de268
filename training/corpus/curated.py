"""What is known of recordings beyond what their manifests state: which are the same, or wrong.

Two corpora may hold the same recordings under other names; together they form one group, or a
split would part what belongs together.
"""

from collections.abc import Iterable
from dataclasses import replace

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


def joined(recordings: Iterable[Recording]) -> list[Recording]:
    """Return `recordings` with one name for each group, so that no split parts a group.

    Other instruments of one source are groups of their own: whole instruments are held out.
    """
    return [replace(recording, group=_group_of(recording)) for recording in recordings]


def _group_of(recording: Recording) -> str:
    group = SAME_RECORDINGS.get(recording.group, recording.group)
    if recording.what and not group.endswith(recording.what):
        return f"{group}:{recording.what}"
    return group
