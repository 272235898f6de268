"""Colours of sound and evidence, for the window and for pictures. No Qt."""
