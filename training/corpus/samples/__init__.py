"""Recordings that lie in packages."""
