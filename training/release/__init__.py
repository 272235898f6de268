"""What ships in ``models/``: runs, card, README."""
