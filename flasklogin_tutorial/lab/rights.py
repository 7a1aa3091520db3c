"""Who may do what in an app, by trying it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask

from flasklogin_tutorial.show import text_table
from flasklogin_tutorial.visit import add_user, log_in, new_app, serve

_PASSWORD = "four words are enough"
_STRANGER, _ADMINISTRATOR = "stranger", "root"


def show_rights(
    create_app: Callable[..., Flask],
    people: Iterable[str],
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Let each of several people try five deeds in a new app, and print who has done which.

    All deeds are about Grace and Joan. Each person has an app of their own, so nobody finds what
    another one has changed.

    Args:
        create_app: makes the app.
        people: names; "stranger" is nobody, and "root" an administrator.
        settings: the settings of the app; None for its own.

    Example:
        `show_rights(create_app, ["stranger", "ada"])`
    """
    done = {who: _deeds_of(who, create_app, settings) for who in people}
    deeds = next(iter(done.values()))
    rows = [["", *done]]
    rows += [[deed, *("yes" if seen[deed] else "-" for seen in done.values())] for deed in deeds]
    rows += [["how many of five", *(str(sum(seen.values())) for seen in done.values())]]
    print("\n".join(text_table(rows)))


def _deeds_of(
    who: str, create_app: Callable[..., Flask], settings: Mapping[str, Any] | None
) -> dict[str, bool]:
    """Return each deed, and whether somebody could do it in a new app."""
    app = new_app(create_app, settings)
    for name in sorted({"ada", "grace", who} - {_STRANGER}):
        add_user(app, name, _PASSWORD, admin=name == _ADMINISTRATOR)
    browser = serve(app) if who == _STRANGER else log_in(app, who, _PASSWORD)
    record = {"email": "new@example.com", "password": f"{_PASSWORD} for all"}
    # The finished app asks whoever changes their own password for the current one.
    own = {"current_password": _PASSWORD} if who == "grace" else {}
    seen = browser.get("/?name=grace")
    return {
        "read Grace's name": "grace" in seen.json().values(),
        "read her address": "@" in seen.text,
        "create Joan": browser.put("/", json=record | {"name": "joan"}).ok,
        "change Grace": browser.post("/", json=record | own | {"name": "grace"}).ok,
        "delete Grace": browser.delete("/", json={"name": "grace"}).ok,
    }
