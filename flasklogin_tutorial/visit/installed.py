"""What was installed beside an app: Python's own files, and those of packages."""

import sysconfig
from functools import cache
from pathlib import Path


def is_installed(path: Path) -> bool:
    """Tell whether a file is one of Python's own or of an installed package, and nobody's app."""
    whole = path.resolve()
    return any(whole.is_relative_to(place) for place in _places())


@cache
def _places() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple(Path(sysconfig.get_path(name)).resolve() for name in names)
