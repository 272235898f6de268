"""Sound files as mono samples at 22,050 Hz: the one decoder of all rooms."""
