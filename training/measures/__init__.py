"""Figures of arrays: no files, no networks."""
