"""The project's own errors: one root, one class per thing that can be wrong."""


class TimbrescopeError(Exception):
    """Root of every error this project raises on purpose; its text is fit to show a user."""


class WindowError(TimbrescopeError):
    """A window of samples has the wrong shape or carries values that are not finite."""


class UnknownInstrumentError(TimbrescopeError):
    """A name is none of the 28 instruments in either spelling."""


class UnreadableFileError(TimbrescopeError):
    """A path leads to no regular file, or to one that is too large or cannot be read."""


class ModelFileError(TimbrescopeError):
    """A model file or its sidecar is missing, changed, or does not fit this program."""


class AudioFileError(TimbrescopeError):
    """An audio file cannot be read or holds nothing to analyse."""


class AudioDeviceError(TimbrescopeError):
    """An audio device cannot be listed, opened or kept open."""


class PictureError(TimbrescopeError):
    """A picture cannot be drawn or written."""


class ExportError(TimbrescopeError):
    """Results cannot be written where or as they were wanted."""
