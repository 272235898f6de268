"""Noise, speech and music."""
