"""Take the database away for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import Mock, patch

from mongoengine import get_db
from pymongo.errors import AutoReconnect


@contextmanager
def database_away() -> Iterator[None]:
    """Run a block in which the driver raises what it raises when its server is gone.

    The database is that of the app that was made last, embedded or on a server.

    Yields:
        Nothing.

    Example:
        `with database_away(): ada.get("/healthz")`
    """
    database = get_db()
    gone = Mock(side_effect=AutoReconnect("connection closed"))
    names = ("aggregate", "create_index", "find", "insert_one", "update_one")
    with (
        patch.multiple(type(database["people"]), **dict.fromkeys(names, gone)),
        patch.object(type(database), "command", gone),
    ):
        yield
