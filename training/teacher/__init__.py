"""The AudioSet tagger that the flagship learns from."""
