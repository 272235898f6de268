"""What each step of a study calls."""
