"""The first picture in README.md: what one request to the finished app sets off."""

from functools import partial
from pathlib import Path

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import add_user, log_in, new_app, trace

PASSWORD = "an engine of brass and steam"


def make(root: Path) -> dict[str, str]:
    """Return the picture as a fenced Mermaid block, which code-hosting pages draw.

    Args:
        root: the folder of the checkout; the picture needs nothing from it.
    """
    return {"README.md#picture": f"```mermaid\n{draw()}\n```"}


def draw() -> str:
    """Let Ada delete a record that is not there, and draw that."""
    # As in a test: the audit log is not printed.
    app = new_app(partial(create_app, {"TESTING": True, "SECRET_KEY": "of a picture"}))
    add_user(app, "ada", PASSWORD)
    with log_in(app, "ada", PASSWORD) as ada:
        # It says who has signed in here before, which has no part in this.
        del ada.cookies["device"]
        drawn = trace(ada).delete("/", json={"name": "grace"})
    return drawn._repr_mimebundle_()["text/vnd.mermaid"]
