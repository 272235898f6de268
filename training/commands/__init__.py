"""One module a command: its options and what they run; the only place with argparse."""
