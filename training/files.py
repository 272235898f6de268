"""JSON files that are there in full or not at all."""

import json
import os
from pathlib import Path
from typing import Any


def write_json(path: Path, content: Any) -> None:
    """Write `content` so that a reader never sees half a file."""
    # Two runs may share a folder.
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    try:
        partial.write_text(text, "utf-8")
    except UnicodeEncodeError:
        # The name of a file from an old archive, in some other encoding: only escaped is it text.
        partial.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    partial.replace(path)
