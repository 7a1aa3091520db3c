"""What the command says of the way in: a page before the attacks, and a file with `--init`."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from flasklogin_tutorial.attacks.discovery.way_in import WayIn


def page_teller(on_standard_error: bool) -> Callable[[WayIn], None]:
    """Return what prints the page of what was found.

    Args:
        on_standard_error: whether standard output is for something else, as with `--json`.
    """
    stream = sys.stderr if on_standard_error else sys.stdout  # as it is now, not when it is called

    def tell(way_in: WayIn) -> None:
        page = way_in.as_page(shutil.get_terminal_size((100, 24)).columns)
        if page:
            print(page, file=stream, flush=True)

    return tell


def write_names(way_in: WayIn, path: Path) -> str:
    """Write what was found as a TOML file that `--config` reads.

    Args:
        way_in: what was found.
        path: where to; there must be no file yet.

    Returns:
        What to do next.

    Raises:
        OSError: the file is there already, or cannot be written.
    """
    with path.open("x", encoding="utf-8") as file:
        file.write(way_in.as_toml())
    return f"{path} says what was found. Correct it, and give it to the command: --config {path}."
