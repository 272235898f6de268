"""The desktop application: captures, decodes, listens and draws."""
