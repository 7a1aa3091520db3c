"""Answers to exercise 16.1."""


# %% right
def server_settings(uri):
    from urllib.parse import urlsplit

    name = urlsplit(uri).path.strip("/")
    if not name:
        raise ValueError(f"{uri} has no name of a database")
    settings = dict(host=uri, db=name, connect=False)
    settings["serverSelectionTimeoutMS"] = 1500
    return settings


# %% right
def server_settings(uri):
    from pymongo.errors import ConfigurationError

    settings = {"host": uri, "connect": False, "serverSelectionTimeoutMS": 2000}
    from pymongo import MongoClient

    try:
        MongoClient(uri, connect=False).get_default_database()
    except ConfigurationError as error:
        raise ValueError("which database?") from error
    return settings | {"tz_aware": True}


# %% wrong: empty
# says: Does the function return the settings?
def server_settings(uri):
    pass


# %% wrong: the URI alone
# says: a fork copies them
def server_settings(uri):
    return {"host": uri}


# %% wrong: a text in place of False
# says: came back: 'connect': 'False'; expected: 'connect': False
def server_settings(uri):
    return {"host": uri, "connect": "False", "serverSelectionTimeoutMS": 3000}


# %% wrong: pymongo's patience
# says: waits 30 seconds
def server_settings(uri):
    return {"host": uri, "connect": False}


# %% wrong: the wrong patience
# says: The key is serverSelectionTimeoutMS
def server_settings(uri):
    return {"host": uri, "connect": False, "connectTimeoutMS": 3000}


# %% wrong: seconds in place of thousandths
# says: waits 0.003 seconds
def server_settings(uri):
    return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3}


# %% wrong: asks nobody for the database
# says: a ValueError that says that the database is missing
def server_settings(uri):
    return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}


# %% wrong: takes whatever stands behind the last slash
# says: server_settings('mongodb://127.0.0.1:1/?appName=club')
def server_settings(uri):
    if uri.count("/") < 3 or uri.endswith("/"):
        raise ValueError("no database")
    return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}


# %% wrong: the server of the example
# says: The whole URI goes there as it is
def server_settings(uri):
    uri = "mongodb://127.0.0.1:1/flasklogin"
    return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}


# %% wrong: a database of its own
# says: a ValueError that says that the database is missing
def server_settings(uri):
    if parse_uri(uri)["database"] is None:
        return {"host": uri + "/flasklogin"}
    return {
        "host": uri,
        "db": "flasklogin",
        "connect": False,
        "serverSelectionTimeoutMS": 3000,
    }


# %% wrong: the server without its password
# says: it also holds the password and the options
def server_settings(uri):
    parts = parse_uri(uri)
    if not parts["database"]:
        raise ValueError("no database")
    host, port = parts["nodelist"][0]
    return {
        "host": host,
        "port": port,
        "db": parts["database"],
        "connect": False,
        "serverSelectionTimeoutMS": 3000,
    }


# %% wrong: says nothing in the error
# says: Whoever starts the app has to learn what to set
def server_settings(uri):
    if parse_uri(uri)["database"] is None:
        raise ValueError
    return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}


# %% wrong: prints the answer and does not return it
# says: Something is printed
def server_settings(uri):
    """Return MONGODB_SETTINGS for a server; raise ValueError if no database is named."""
    if parse_uri(uri)["database"] is None:
        raise ValueError("The URI names no database: write one behind the server.")
    print({"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000})


# %% wrong: the settings as one text
# says: Does the function return the settings?
def server_settings(uri):
    if parse_uri(uri)["database"] is None:
        raise ValueError("no database")
    return "host=" + uri + ", connect=False"


# %% wrong: the answer to another exercise, in this cell
# says: write the function server_settings
def address_of(request, proxies):
    """Return the visitor's address, with this many proxies in front of the app."""
    header = request.headers.get("X-Forwarded-For")
    values = header.split(",") if header else []
    if 0 < proxies <= len(values):
        return values[-proxies].strip()
    return request.remote_addr
