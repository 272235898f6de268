"""Model files on whole recordings."""
