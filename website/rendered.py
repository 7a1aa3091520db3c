"""The course to read."""
from pathlib import Path


def build(work: Path, site: Path) -> None:
    """Build."""
    site.mkdir(parents=True)
