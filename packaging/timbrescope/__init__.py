"""Timbrescope: which of 28 musical instruments is playing, and the evidence for it."""

__version__ = "0.1.0"
