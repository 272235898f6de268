"""What is drawn: one widget per module, all Qt code of the project."""
