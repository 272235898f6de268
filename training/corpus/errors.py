"""What can go wrong with a corpus."""

from timbrescope.models.errors import TimbrescopeError


class CorpusError(TimbrescopeError):
    """A manifest or a folder of recordings cannot be used."""
