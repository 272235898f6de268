"""Learning: networks and classical models from windows of the cache."""
