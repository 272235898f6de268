"""Instruments that a program plays."""
