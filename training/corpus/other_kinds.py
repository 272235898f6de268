"""Which instrument a recording of kind ``other`` is: whole instruments are held out, not files.

A manifest says it at the end of an origin, in brackets, or at the end of a group's name. One
instrument has many names there, and what sounds nearly alike counts as one: what is learned of a
snare drum is learned of every snare drum.
"""

import re

_BRACKETS = re.compile(r"\[([^\[\]]+)\]\s*$")
_GROUP = re.compile(r":_?other[:-](.+)$")
# The first that a name contains decides.
NAMES_OF_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("snare drum", ("snare", "side-stick", "side stick")),
    ("hand clap", ("clap", "snap", "body percussion")),
    ("harpsichord", ("harpsichord",)),
    ("glass harp", ("glass harp", "water-glass")),
    ("harp", ("harp",)),
    ("wood block", ("wood-block", "wood block", "woodblock", "temple block", "frog block")),
    ("claves", ("claves",)),
    ("cor anglais", ("cor anglais", "english-horn", "english horn")),
    ("double bass", ("double bass", "contrabass")),
    ("bongos", ("bongo",)),
    ("congas", ("conga", "hand drum")),
    ("singing bowl", ("singing bowl", "gong")),
    ("bell", ("tubular", "bell", "chimes")),
    ("voice", ("choir", "singing", "voice")),
    ("whistling", ("whistling", "whistle")),
    ("kalimba", ("kalimba", "music box", "music-box")),
    ("celesta", ("celesta", "crystal")),
    ("taiko", ("taiko", "bass drum", "timpani")),
    ("pad", ("pad", "goblins", "lead", "synth")),
    ("zither", ("zither", "koto", "dulcimer")),
)


def kind_of_other(group: str, origin: str) -> str:
    """Return the instrument that a recording of kind ``other`` is of.

    Parameters
    ----------
    group, origin : str
        As the manifest states them.

    Returns
    -------
    str
        In small letters; where nothing says what it is, the group's name.
    """
    named = _BRACKETS.search(origin) or _GROUP.search(group)
    name = (named.group(1) if named else group).strip().lower()
    for kind, parts in NAMES_OF_KINDS:
        if any(part in name for part in parts):
            return kind
    return name
