"""The desktop application: captures, decodes, listens and draws."""

__version__ = "0.1.0"
