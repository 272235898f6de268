"""Step 8 of a study: one HTML file."""
