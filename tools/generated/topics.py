"""docs/topics.md: each topic of the course, and the cell that runs it.

A code cell that runs a topic names it in its metadata: `"topics": ["logout-post"]`. The page links
to the heading above that cell.
"""

from pathlib import Path
from urllib.parse import quote

import nbformat

from generated import Wrong, notebooks_in

#: Every topic that the course promises: its name in the metadata, and what a reader calls it.
TOPICS = {
    "decorators": "Decorators, and what a route does with a view",
    "cookies": "Cookies, and who writes them",
    "documents": "Documents: `save`, `objects`, `first`",
    "login": "Logging in: `login_user`",
    "logout-post": "Logging out, and why by POST",
    "login-view": "`login_view` and `next`",
    "safe-redirect": "A safe redirect to `next`",
    "login-message": "`login_message`",
    "unauthorized-handler": "`unauthorized_handler`",
    "401-403": "401, 403 and `WWW-Authenticate`",
    "request-loader": "`request_loader`",
    "anonymous": "Anonymous users",
    "remember-me": "Remember me, and its settings",
    "remember-expiry": "The expiry that a remember cookie lacks",
    "alternative-tokens": "Alternative tokens: what `get_id` returns",
    "fresh-login": "Fresh login",
    "session-protection": "Session protection, and its hole",
    "cookie-flags": "Cookie flags",
    "host-prefix": "The `__Host-` prefix",
    "timeouts": "Idle and absolute time-out",
    "fixation": "Session fixation",
    "revocation": "Logins that can be revoked",
    "signals": "Signals",
    "localization": "Localization of messages",
    "test-client": "`FlaskLoginClient`, and its trap",
    "g-leak": "The user that a held app context keeps in `g`",
    "no-session-cookie": "An API without a session cookie",
    "hashing": "Hashing passwords",
    "hash-upgrade": "Upgrading hashes",
    "password-policy": "A policy for passwords",
    "enumeration": "Enumeration of names by the answer",
    "timing": "Enumeration of names by the work done",
    "throttle": "A throttle for logins",
    "csrf-forms": "CSRF with forms",
    "csrf-json": "CSRF with JSON and cookies",
    "login-csrf": "Login CSRF",
    "injection": "Injection of operators",
    "schema": "A schema at the edge",
    "mass-assignment": "Mass assignment",
    "output-allowlist": "An allowlist for output",
    "json-errors": "Errors in one JSON shape",
    "400-415": "400 and 415: a body that is no JSON, or not called JSON",
    "unique-race": "The race for a unique name",
    "bad-object-id": "An id that is no ObjectId",
    "connection-fork": "The connection to MongoDB: its life, and fork",
    "mongomock": "mongomock in place of a server",
    "factory-blueprints": "Application factory and blueprints",
    "configuration": "Configuration",
    "secret-rotation": "Rotating the secret key",
    "proxyfix": "Behind a proxy: `ProxyFix`",
    "security-headers": "Security headers",
    "roles": "Roles",
    "registration": "Registration: who may create users",
    "password-reset": "A forgotten password: a reset by mail",
    "mail-links": "Links in a mail: where they lead, and what they are good for",
    "confirmed-address": "An e-mail address that counts once it is confirmed",
    "password-change": "A password change ends sessions",
    "bearer-tokens": "Bearer tokens",
    "audit-log": "An audit log",
    "health-workers": "Health, and several workers",
    "login-by-default": "`login_required` for all views, with exceptions",
    "files": "Static and uploaded files behind a login",
    "user-classes": "Several classes of users behind one user loader",
    "template": "`current_user` in a template",
    "reference": "A reference to another document: `ReferenceField`",
    "circular-import": "A circular import between app and models",
    "phishing": "A password that is typed into the wrong page",
    "totp": "TOTP: a code made of a seed and the time",
    "half-login": "Half a login, between password and code",
    "code-once": "A code that works once, also in a race",
    "code-throttle": "A throttle for codes, which knows the owner's browsers",
    "recovery-codes": "Recovery codes",
    "around-the-factor": "What may leave the second factor out",
    "seed-at-rest": "The seed of a second factor in the database",
    "relay": "A site in the middle that relays a login",
    "passkeys": "Passkeys: what a key and a browser sign",
    "origin": "The origin in a passkey's answer",
    "user-verification": "User verification: touched, or known",
    "sign-count": "A copied passkey, and its count",
    "challenges": "A challenge that is spent once",
    "lost-passkeys": "All passkeys lost",
}

HEAD = """\
# Topics

<!-- made by tools/build.py -->

Where in the course each topic runs. `make test` runs all of these cells.

| topic | where it runs |
|:--|:--|
"""


def make(root: Path) -> dict[str, str]:
    """Return the page.

    Args:
        root: the folder of the checkout.

    Raises:
        Wrong: the notebooks name a topic that does not exist, or lack one that does.
    """
    return {"docs/topics.md": write_page(find_cells(root / "notebooks"))}


def find_cells(folder: Path) -> dict[str, list[tuple[Path, str]]]:
    """Map each topic to the places that run it: the notebook, and the heading above the cell."""
    found: dict[str, list[tuple[Path, str]]] = {name: [] for name in TOPICS}
    for path in notebooks_in(folder).values():
        heading = ""
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                lines = [line for line in cell.source.splitlines() if line.startswith("#")]
                heading = lines[-1].lstrip("# ").strip() if lines else heading
                continue
            for name in cell.metadata.get("topics", []):
                if name not in found:
                    known = ", ".join(TOPICS)
                    raise Wrong(f"{path.name} names the topic {name!r}. There are: {known}.")
                if not cell.outputs and "assert" not in cell.source:
                    raise Wrong(f"{path.name}: the cell of {name!r} shows and asserts nothing.")
                if (path, heading) not in found[name]:
                    found[name].append((path, heading))
    return found


def write_page(found: dict[str, list[tuple[Path, str]]]) -> str:
    """Return the page."""
    missing = [name for name, places in found.items() if not places]
    if missing:
        raise Wrong(f"No cell runs these topics: {', '.join(missing)}.")
    rows = []
    for name, places in found.items():
        links = ", ".join(link(*place) for place in places)
        rows.append(f"| {TOPICS[name]} | {links} |")
    total = sum(map(len, found.values()))
    tail = f"\n{len(found)} topics, {total} links that lead to a running cell.\n"
    return HEAD + "\n".join(rows) + "\n" + tail


def link(path: Path, heading: str) -> str:
    """Return a link to a heading of a notebook."""
    text = f"{path.name.partition('_')[0]} {heading.replace('`', '')}"
    file = path.as_posix().rpartition("/notebooks/")[2]  # an exercise is in a folder of its own
    return f"[{text}](../notebooks/{file}#{anchor(heading)})"


def anchor(heading: str) -> str:
    """Return the anchor that JupyterLab and code-hosting pages give to a heading of a notebook."""
    return quote(heading.replace("`", "").replace(" ", "-"), safe="-:,'?()")
