"""Whether the evidence is true: tests of the shipped models' maps on real recordings."""
