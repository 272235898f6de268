"""The spectrogram with the evidence on it."""
