"""Playing recorded notes as musicians do: from single recordings to what is heard of a player."""
