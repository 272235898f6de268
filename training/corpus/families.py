"""Groups that are named differently in two corpora and hold the same recordings.

Found by comparing waveforms (normalised correlation of attacks above 0.85 for most notes).
"""

from collections.abc import Iterable
from dataclasses import replace

from timbrescope.training.corpus.recordings import Recording

# Collections of the repositories named on the left, and what the packages hold of them.
SAME_RECORDINGS = {
    "Tonejs+audio:Piano": "salamander:Piano",
    "sfzinstruments+Discord-SFZ-GM-Bank:Piano": "salamander:Piano",
    "sfzinstruments+karoryfer.weresax:Saxophone": "tonejs-instrument-saxophone:Saxophone",
}


def joined(recordings: Iterable[Recording]) -> list[Recording]:
    """Return `recordings` with one name for each group, so that no split parts a group."""
    return [replace(r, group=SAME_RECORDINGS.get(r.group, r.group)) for r in recordings]
