"""Users in a database, put there past the app, because a million are wanted."""

from collections.abc import Iterator
from typing import Any

import pymongo
from targets import PASSWORD
from werkzeug.security import generate_password_hash

from flasklogin_tutorial.app.names import read_name

#: As many as one message to the server takes well.
_AT_ONCE = 5_000

#: The fields of a name in the finished app; no two users have one of them in common.
_COMPARED = ("name", "name_key", "name_looks")


def add_users(uri: str, number: int, method: str | None = None) -> None:
    """Add the users user0, user1, …, all with the same password.

    Args:
        uri: the address of the database.
        number: how many.
        method: how the finished app hashes; without it they are what the article's app stores, and
            there is no index, as the article makes none.
    """
    secret = _article_secret() if method is None else _finished_secret(method)
    name_of = _article_name if method is None else _finished_name
    with pymongo.MongoClient(uri) as client:
        users = client.get_default_database()["user"]
        for batch in _batches(number):
            users.insert_many(
                [
                    {"email": f"user{one}@example.org", **secret, **name_of(f"user{one}")}
                    for one in batch
                ],
                ordered=False,
            )
        if method is not None:
            for field in _COMPARED:
                # Letter for letter as mongoengine asks for it: SecantusDB compares the order too.
                users.create_index(field, background=False, unique=True)


def _article_name(name: str) -> dict[str, Any]:
    return {"name": name}


def _finished_name(name: str) -> dict[str, Any]:
    read = read_name(name)
    return dict(zip(_COMPARED, (read.written, read.key, list(read.looks)), strict=True))


def _article_secret() -> dict[str, Any]:
    return {"password": PASSWORD}


def _finished_secret(method: str) -> dict[str, Any]:
    rest = {"is_admin": False, "disabled": False, "login_epoch": 0}
    return {"password_hash": generate_password_hash(PASSWORD, method), **rest}


def _batches(number: int) -> Iterator[range]:
    for start in range(0, number, _AT_ONCE):
        yield range(start, min(start + _AT_ONCE, number))
