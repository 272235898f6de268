"""Step 3 of a study: what the corpora are like."""
