"""A course on access control in Flask: build the article's app, break it, ship it hardened."""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flasklogin_tutorial.app import create_app

__all__ = ["__version__", "create_app"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the app when somebody asks for it.

    `flasklogin_tutorial.environment` has to load where not even Flask is installed, and it cannot
    load without this file. In a browser tab the app is told here to do without threads.
    """
    if name == "create_app":
        if sys.platform == "emscripten":
            from flasklogin_tutorial.lab.browser_tab import count_without_threads

            count_without_threads()
        from flasklogin_tutorial.app import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
