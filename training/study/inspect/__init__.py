"""Step 1 of a study: every file looked at."""
