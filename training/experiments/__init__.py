"""Controlled experiments: one thing changed at a time, measured on the same held-out groups."""
