"""Which rows of the table of files are wanted."""

from dataclasses import dataclass

from timbrescope.desktop.views.files.file_rows import FileRow


@dataclass(frozen=True)
class FileFilter:
    """A row is shown if it meets every condition that is set.

    Attributes
    ----------
    words : str
        All of these words are in its path, its answer, its message or the instruments heard
        anywhere in it, in any case.
    group : str
        It counts as this, see `FileRow.group`.
    below : float or None
        It has an answer, whose probability is less than this.
    mixed : bool
        More than one instrument was heard in it.
    """

    words: str = ""
    group: str = ""
    below: float | None = None
    mixed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether every row is wanted."""
        return self == FileFilter()

    def accepts(self, row: FileRow) -> bool:
        """Return whether `row` is wanted."""
        if self.group and row.group != self.group:
            return False
        if self.below is not None and (row.probability is None or row.probability >= self.below):
            return False
        if self.mixed and len(row.instruments) < 2:
            return False
        if not self.words:
            return True
        heard = " ".join(row.instruments)
        text = f"{row.path} {row.answer_words} {row.message} {heard}".casefold()
        return all(word in text for word in self.words.casefold().split())
