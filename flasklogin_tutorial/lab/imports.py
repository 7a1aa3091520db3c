"""Import files that need one another, as an app does that was cut up."""

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch


def import_files(**files: str) -> str:
    """Write files into a folder of their own, import the first, and forget all of them.

    Args:
        **files: what is in each file, by its name without `.py`.

    Returns:
        What Python said: that the file is imported, or why it cannot be.

    Example:
        `import_files(app="import models", models="import app")`
    """
    first = next(iter(files))
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, f"{name}.py").write_text(text, encoding="utf-8")
        with patch("sys.path", [folder, *sys.path]), patch.dict("sys.modules"):
            for name in files:
                sys.modules.pop(name, None)
            importlib.invalidate_caches()
            try:
                importlib.import_module(first)
            except ImportError as error:
                return str(error).replace(f" ({error.path})", "")
    return f"{first} is imported"
