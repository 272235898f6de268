"""Three seconds of it: split, drawn, composed."""
