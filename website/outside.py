"""Nothing of the site may be fetched from another host: a look at what was built.

A link that a reader follows is no such thing. What a page loads by itself is: scripts, styles,
pictures, frames, fonts, and the addresses in the settings of the live course.
"""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from parts import Stop

OTHER_HOST = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?\s*((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)

#: The attributes by which an element loads something.
LOADING = {
    "audio": ("src",),
    "base": ("href",),
    "embed": ("src",),
    "form": ("action",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
#: A `link` that only names an address.
NAMING = {"author", "canonical", "license", "next", "prev", "search"}


class Loads(HTMLParser):
    """Collects what a page loads from another host."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Look at the attributes of an element."""
        given = dict(attrs)
        names = set((given.get("rel") or "").lower().split())
        if tag != "link" or not names or names - NAMING:
            for name in LOADING.get(tag, ()):
                if OTHER_HOST.match(given.get(name) or ""):
                    self.found.append(f"<{tag} {name}={given[name]}>")
        self.found += IN_STYLE.findall(given.get("style") or "")


def in_settings(value: object) -> Iterator[str]:
    """Find addresses of other hosts in the settings of the live course."""
    if isinstance(value, dict):
        for each in value.values():
            yield from in_settings(each)
    elif isinstance(value, list):
        for each in value:
            yield from in_settings(each)
    elif isinstance(value, str) and OTHER_HOST.match(value):
        yield value


def loaded_from_elsewhere(path: Path) -> list[str]:
    """List what one file of the site would load from another host."""
    if path.suffix == ".html":
        page = Loads()
        page.feed(path.read_text(encoding="utf-8"))
        return page.found
    if path.suffix == ".css":
        return IN_STYLE.findall(path.read_text(encoding="utf-8"))
    if path.name in ("jupyter-lite.json", "pyodide-lock.json"):
        return list(in_settings(json.loads(path.read_text(encoding="utf-8"))))
    return []


def refuse_other_hosts(site: Path) -> None:
    """Look at every page, style and setting of a built site.

    Args:
        site: its folder.

    Raises:
        Stop: one of them names another host to load something from.
    """
    said = []
    for path in sorted(site.rglob("*")):
        if path.is_file():
            found = loaded_from_elsewhere(path)
            said += [f"{path.relative_to(site)}: {each}" for each in found[:3]]
    if said:
        raise Stop("the site would load this from another host:\n" + "\n".join(said[:20]))
