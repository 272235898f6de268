"""Presets of instruments that are none of the 28, for models to learn to say so.

Left out is what sounds like one of the 28: recorders, panpipes and whistles (Flute), fretless
and slapped basses, harpsichord and synthesiser sounds of arranger keyboards (Keyboard), agogo
(Cowbell), sleigh bells (Tambourine), brass sections, violas and string sections (Violin).
"""

from timbrescope.training.corpus.soundfonts.voices import Voice

FOREIGN_PHRASES = 8


def _plays(style: str, program: int, low: int, high: int) -> Voice:
    return Voice(0, program, style, low, high)


def _strikes(*keys: int) -> Voice:
    return Voice(128, 0, "hits", keys=keys)


FOREIGN: dict[str, Voice] = {
    "celesta": _plays("mallets", 8, 60, 96),
    "glockenspiel": _plays("mallets", 9, 72, 103),
    "music-box": _plays("mallets", 10, 60, 96),
    "marimba": _plays("mallets", 12, 45, 91),
    "xylophone": _plays("mallets", 13, 65, 103),
    "tubular-bells": _plays("mallets", 14, 60, 77),
    "dulcimer": _plays("banjo", 15, 53, 86),
    "cello": _plays("bowed", 42, 36, 74),
    "contrabass": _plays("bowed", 43, 28, 55),
    "harp": _plays("keys", 46, 31, 96),
    "timpani": _plays("mallets", 47, 38, 57),
    "choir": _plays("organ", 52, 43, 79),
    "voice": _plays("wind", 53, 48, 79),
    "tuba": _plays("wind", 58, 28, 58),
    "oboe": _plays("wind", 68, 58, 89),
    "english-horn": _plays("wind", 69, 52, 81),
    "bassoon": _plays("wind", 70, 34, 72),
    "warm-pad": _plays("organ", 89, 40, 84),
    "sweep-pad": _plays("organ", 95, 40, 84),
    "crystal": _plays("mallets", 98, 48, 84),
    "goblins": _plays("organ", 101, 40, 84),
    "sitar": _plays("banjo", 104, 48, 77),
    "shamisen": _plays("banjo", 106, 50, 79),
    "koto": _plays("banjo", 107, 50, 84),
    "kalimba": _plays("mallets", 108, 55, 84),
    "bagpipe": _plays("wind", 109, 58, 79),
    "shanai": _plays("wind", 111, 60, 84),
    "steel-drums": _plays("mallets", 114, 52, 86),
    "woodblock": _plays("mallets", 115, 60, 84),
    "taiko": _plays("mallets", 116, 40, 60),
    "birds": _plays("wind", 123, 55, 75),
    "telephone": _plays("wind", 124, 55, 75),
    "helicopter": _plays("organ", 125, 50, 65),
    "applause": _plays("organ", 126, 55, 65),
    "hand-clap": _strikes(39),
    "bongos": _strikes(60, 61),
    "congas": _strikes(62, 63, 64),
    "timbales": _strikes(65, 66),
    "police-whistle": _strikes(71, 72),
    "guiro": _strikes(73, 74),
    "claves": _strikes(75),
    "wood-blocks": _strikes(76, 77),
    "cuica": _strikes(78, 79),
    "triangle": _strikes(80, 81),
}
