"""Where a notebook keeps its data: on the server that the environment names, or in memory."""

import os
import secrets
from typing import Any
from urllib.parse import urlsplit


def practice_settings() -> dict[str, Any]:
    """Return settings for a finished app to practise on.

    The app speaks HTTPS, its hashes are cheap, and its key is random. If the environment variable
    MONGODB_URI names a server, the app is there, in a database of its own; else it is in memory.

    Returns:
        Settings for `create_app`. Calls after each other give different keys and databases.
    """
    server = os.environ.get("MONGODB_URI")
    name = f"/flasklogin_course_{secrets.token_hex(4)}"
    return {
        "TESTING": True,
        "HTTPS": True,
        "SECRET_KEY": secrets.token_hex(),
        "MONGODB_URI": urlsplit(server)._replace(path=name).geturl() if server else None,
    }
