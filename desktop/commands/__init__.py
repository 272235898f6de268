"""The commands of the terminal: what needs no window."""
