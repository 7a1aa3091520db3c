"""Users in a database, put there past the app, because a million are wanted."""

from collections.abc import Iterator
from typing import Any

import pymongo
from targets import PASSWORD
from werkzeug.security import generate_password_hash

#: As many as one message to the server takes well.
_AT_ONCE = 5_000


def add_users(uri: str, number: int, method: str | None = None) -> None:
    """Add the users user0, user1, …, all with the same password.

    Args:
        uri: the address of the database.
        number: how many.
        method: how the finished app hashes; without it they are what the article's app stores, and
            there is no index, as the article makes none.
    """
    secret = _article_secret() if method is None else _finished_secret(method)
    with pymongo.MongoClient(uri) as client:
        users = client.get_default_database()["user"]
        for batch in _batches(number):
            users.insert_many(
                [
                    {"name": f"user{one}", "email": f"user{one}@example.org", **secret}
                    for one in batch
                ],
                ordered=False,
            )
        if method is not None:
            # Letter for letter as mongoengine asks for it: SecantusDB compares the order too.
            users.create_index("name", background=False, unique=True)


def _article_secret() -> dict[str, Any]:
    return {"password": PASSWORD}


def _finished_secret(method: str) -> dict[str, Any]:
    rest = {"is_admin": False, "disabled": False, "login_epoch": 0}
    return {"password_hash": generate_password_hash(PASSWORD, method), **rest}


def _batches(number: int) -> Iterator[range]:
    for start in range(0, number, _AT_ONCE):
        yield range(start, min(start + _AT_ONCE, number))
