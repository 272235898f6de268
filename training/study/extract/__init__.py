"""Step 2 of a study: features by file hash."""
