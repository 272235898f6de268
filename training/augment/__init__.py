"""Augmentation: the world between an instrument and the samples a program hears.

Rooms, distances, microphones, telephones, neighbours, cables, codecs: drawn at random and
modest enough that a listener would still name the instrument. One module has one family;
`training.augment.chain` puts them in their order.
"""

from timbrescope.training.augment.chain import FAMILIES, UnknownFamilyError, augmented
from timbrescope.training.augment.signals import Background

__all__ = ["FAMILIES", "Background", "UnknownFamilyError", "augmented"]
