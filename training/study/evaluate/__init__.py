"""Step 6 of a study: figures with intervals."""
