"""What says which instrument: on the live page and on the files page."""
