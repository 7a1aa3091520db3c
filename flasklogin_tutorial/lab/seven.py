"""Seven requests that somebody else's page causes, and what becomes of whoever is logged in."""

from collections.abc import Callable

from flask import Flask

from flasklogin_tutorial.lab.foreign import encode_form, foreign_page
from flasklogin_tutorial.visit import Browser, copy_cookies, log_in

_RECORD = {"name": "ada", "email": "ada@example.org", "password": "lovelace"}

#: Another program on this machine: of one site with the app, and of another origin.
_SIBLING = "http://127.0.0.1:9999"

_JSON_IN_TEXT = """<form enctype="text/plain"><input name='{}' value='"}}'></form>"""
_FIELDS = '{"name": "ada", "email": "a@evil.example", "password": "lovelace", "rest": "'
_LOGIN = '{"username": "mallory", "password": "attacks", "rest": "'

_AS_TEXT = encode_form(_JSON_IN_TEXT.format(_FIELDS))
_AS_MALLORY = encode_form(_JSON_IN_TEXT.format(_LOGIN))
_EMAIL = encode_form('<form><input name="email" value="a@evil.example"></form>')
_EMPTY = encode_form("<form></form>")

_REQUESTS: dict[str, Callable[[Flask, Browser], object]] = {
    "JSON as text": lambda app, ada: foreign_page(app, ada).post("/", **_AS_TEXT),
    "form": lambda app, ada: foreign_page(app, ada).post("/email", **_EMAIL),
    "form, same site": lambda app, ada: foreign_page(app, ada, _SIBLING).post("/email", **_EMAIL),
    # A browser that says nothing of where a form was, and knows no SameSite.
    "form, old browser": lambda app, ada: copy_cookies(app, ada).post("/email", **_EMAIL),
    "login": lambda app, ada: foreign_page(app, ada).post("/login", **_AS_MALLORY),
    "logout": lambda app, ada: foreign_page(app, ada).post("/logout", **_EMPTY),
    "logout by link": lambda app, ada: foreign_page(app, ada).get("/logout"),
}


def try_seven(app: Flask) -> dict[str, str]:
    """Carry out seven attacks of other pages, each while Ada is logged in.

    The app has the article's routes, a form at /email, and the users ada (lovelace) and mallory
    (attacks).

    Args:
        app: the app.

    Returns:
        What became of Ada, by the name of the attack: "changed" is her address, "logged out" and
        "is mallory" are who her browser is, and "-" means that nothing has happened.
    """
    return {name: _becomes_of_ada(app, carry_out) for name, carry_out in _REQUESTS.items()}


def _becomes_of_ada(app: Flask, carry_out: Callable[[Flask, Browser], object]) -> str:
    ada = log_in(app, "ada", _RECORD["password"])
    answer = ada.post("/", json=_RECORD)
    if not answer.ok:
        raise RuntimeError(f"The app refuses Ada's own program: {answer.status_code}.")
    carry_out(app, ada)
    seen = ada.post("/user_info").json()["data"]
    if seen.get("name") != "ada":
        return f"is {seen['name']}" if "name" in seen else "logged out"
    return "-" if seen["email"] == _RECORD["email"] else "changed"
