"""Recordings: what they are, and how packages become some."""
