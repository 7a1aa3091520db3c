"""The connection to the database, and its indexes, made when it can first be reached."""

import mongoengine
from flask import Flask, current_app, request
from pymongo.errors import ConfigurationError, DuplicateKeyError, InvalidURI

from .config import BadConfig
from .extensions import db
from .failures import log_failure
from .models import DOCUMENTS, User
from .refusals import NamesNotChecked

_READY = "database_ready"

#: What is answered while the database is away.
_WITHOUT_DATABASE = {"static", "service.openapi"}


def connect_database(app: Flask) -> None:
    """Bind the database that the app's settings name.

    Args:
        app: the app.

    Raises:
        BadConfig: the settings are no address of a database, or an app of this process is bound to
            another database already.
    """
    # flask-mongoengine-3 keeps the settings of the first app for all that follow; without them,
    # mongoengine itself notices that a second database is asked for.
    db.config = None
    plain_json = app.json
    try:
        db.init_app(app)
        # It also makes `jsonify(user)` work, with every field, the password hash too. Here that is
        # an error: what is shown goes through a schema.
        app.json = plain_json
    except (ConfigurationError, InvalidURI, ValueError, TypeError) as error:
        raise _bad_address(error) from None
    except mongoengine.ConnectionFailure as error:
        if "different connection" not in str(error):
            raise _bad_address(error) from None
        raise BadConfig(
            "An app in this process uses another database, and mongoengine knows one at a time: "
            "this app would read and write the other's records. Run it in a process of its own. In "
            "a test, call mongoengine.disconnect_all() between the two."
        ) from error


def _bad_address(error: Exception) -> BadConfig:
    """Make the message of an address that cannot be used, without what the driver says of it.

    Its words hold parts of the address, and where a password was not written in percent-encoding,
    parts of the password.
    """
    return BadConfig(
        f"MongoDB's address cannot be used ({type(error).__name__}). It looks like "
        "mongodb://user:password@host:27017/database, with every sign of the password in "
        "percent-encoding; check it in MONGODB_URI."
    )


def register_database(app: Flask) -> None:
    """Make the indexes before the first request that needs them.

    mongoengine would do it too, but only once for each process: where the database was away at that
    moment, the process would go on without the index that keeps names unique.

    Args:
        app: the app.
    """

    @app.before_request
    def prepare() -> None:
        if request.endpoint is not None and request.endpoint not in _WITHOUT_DATABASE:
            ensure_indexes()


def ensure_indexes() -> None:
    """Make the indexes unless this app has made them already.

    Raises:
        NamesNotChecked: there are users without the key that names are compared by, or two with the
            same one, so no index can keep names apart.
    """
    if current_app.extensions.get(_READY):
        return
    try:
        if User._get_collection().find_one({"name_key": None}, {"_id": True}) is not None:
            raise NamesNotChecked
        for document in DOCUMENTS:
            document.ensure_indexes()
    except (DuplicateKeyError, NamesNotChecked):
        log_failure(
            "The database holds users whose names have not been compared with one another: those "
            "of the article's app, or of this app before it kept names apart that look alike. Run "
            "the command `users check-names`: it says what is to be done, and does with --mend "
            "what leaves no choice. The app needs no restart."
        )
        raise NamesNotChecked from None
    current_app.extensions[_READY] = True
