"""Step 4 of a study: random and grouped."""
