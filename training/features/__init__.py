"""What networks read, on disk."""
