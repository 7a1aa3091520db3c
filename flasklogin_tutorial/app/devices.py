"""The device cookie: a browser in which a user has signed in before is told apart from strangers.

Whoever guesses at a name fills the count of that name, and would keep its user out too. So a good
login leaves a signed cookie with a random number in the browser, and `throttle` counts attempts
that come with it under that number. The cookie opens nothing. One that was forged, is too old, or
is for another name counts as none.

Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

from datetime import datetime
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from .models import User, hash_secret, new_secret
from .names import read_name
from .prefix import cookie_path

#: How long a browser counts as one in which the user has signed in.
DEVICE_DAYS = 180

#: How many users one browser is known for. The latest stay.
DEVICE_USERS = 5

# A changed password leaves these cookies alone. Whoever kept one, and knew the former password, has
# a stranger's number of guesses for each, and all of them from one address share a count. Ending
# them would make strangers of the user's other browsers at the moment when all of these have to
# sign in again, and when somebody may well be guessing.


def remember_device(response: Response, user: User) -> None:
    """Note in the browser that a user has signed in there, with a new number each time.

    Args:
        response: the answer to the login.
        user: the user, who gave all that is asked of them, a code too where there is one.
    """
    whose = _number_of(user.name)
    others = {key: number for key, number in _read().items() if key != whose}
    numbers = others | {whose: new_secret() + _mark(user.factor_since)}
    response.set_cookie(
        _cookie_name(),
        _signer().dumps(dict(list(numbers.items())[-DEVICE_USERS:])),
        max_age=DEVICE_DAYS * 24 * 3600,
        secure=current_app.config["HTTPS"],
        httponly=True,
        samesite="Lax",
        path=cookie_path(_cookie_name()),
    )


def find_device(name: str) -> str | None:
    """Return the number of the browser that sent this request, if a user has signed in there.

    Args:
        name: the name that was typed, in any spelling.

    Returns:
        The number, or None for a browser that is a stranger to this name.
    """
    number = _read().get(_number_of(name))
    return number if isinstance(number, str) else None


def find_device_of_factor(user: User) -> str | None:
    """Return the number of the browser that sent this request, if a code was given there.

    A thief of the password may have signed in in a hundred browsers before there was a second
    factor. None of these counts as known to it: the number of one that does carries its date.

    Args:
        user: the user, who has a second factor.

    Returns:
        The number, or None for a browser in which nobody has given a code of this second factor.
    """
    number = find_device(user.name)
    return number if number is not None and number.endswith(_mark(user.factor_since)) else None


def _mark(since: datetime | None) -> str:
    return "" if since is None else f".{since.timestamp():.3f}"


def _number_of(name: str) -> str:
    return hash_secret(read_name(name).key)


def _read() -> dict[str, Any]:
    sent = request.cookies.get(_cookie_name(), "")
    try:
        found = _signer().loads(sent, max_age=DEVICE_DAYS * 24 * 3600)
    except BadData:
        return {}
    return found if isinstance(found, dict) else {}


def _cookie_name() -> str:
    name: str = current_app.config["DEVICE_COOKIE_NAME"]
    return name


def _signer() -> URLSafeTimedSerializer:
    # The last key signs, and each is good for reading.
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="device cookie")
