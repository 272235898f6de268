"""Names for places where the whole one has no room: a narrow block of a timeline."""

from timbrescope.models.analysis import State
from timbrescope.models.instruments import NAMES

# As scores abbreviate them, in every language; at most four letters.
_SHORT = (
    *("Acc", "AGt", "Bjo", "BGt", "Cl", "Cow", "Cym", "Dob", "Dr", "EGt", "Tom", "Fl", "Hca"),
    *("Hmm", "HH", "Hn", "Kb", "Mnd", "Org", "Pno", "Sax", "Shk", "Tmb", "Tbn", "Tpt", "Uke"),
    *("Vib", "Vn"),
)
SHORT_NAMES = dict(zip(NAMES, _SHORT, strict=True))
SHORT_STATES = {
    State.NO_SIGNAL: "–",
    State.QUIET: "–",
    State.LISTENING: "…",
    State.NONE_OF_THEM: "0/28",
    State.NOT_SURE: "?",
    State.INSTRUMENT: "",
}
