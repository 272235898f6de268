"""The demo's and the tests' sound files."""
