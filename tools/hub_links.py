"""Print, for each exercise notebook, a link that fetches the course on a hub and opens it.

    python tools/hub_links.py https://hub.example.org
    python tools/hub_links.py https://hub.example.org --repository https://example.org/me/course

The links are for nbgitpuller, which has to be installed on the hub. docs/teaching/hub/README.md
says how they are built.
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
EXERCISES = ROOT / "notebooks" / "exercises"

# PLACEHOLDER: put the account that owns the repository in place of OWNER, as in README.md.
REPOSITORY = "https://github.com/OWNER/flasklogin_tutorial"


def link(hub: str, repository: str, path: str) -> str:
    """Return an nbgitpuller link.

    Args:
        hub: the address of the hub.
        repository: what git clones.
        path: a file of the repository.

    Returns:
        The link. It opens the file in JupyterLab.
    """
    folder = urlsplit(repository).path.rstrip("/").rpartition("/")[2].removesuffix(".git")
    query = {"repo": repository, "urlpath": f"lab/tree/{folder}/{path}", "targetpath": folder}
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(query)}"


def main() -> int:
    """Print the links."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hub", help="the address of the hub, such as https://hub.example.org")
    parser.add_argument("--repository", default=REPOSITORY, help="what git clones")
    given = parser.parse_args()
    if not urlsplit(given.hub).scheme.startswith("http"):
        parser.error("the hub's address begins with https://")
    for path in sorted(EXERCISES.glob("*.ipynb")):
        place = path.relative_to(ROOT).as_posix()
        print(f"{path.stem}\n  {link(given.hub, given.repository, place)}")
    if "OWNER" in given.repository:
        print("Put the owner of the repository in place of OWNER.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
