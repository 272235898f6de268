"""All models side by side on the same window."""
