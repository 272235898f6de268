"""From sound to answers: the live engine and the file engine. No Qt in here."""
