"""Answers to the exercises of notebook 16."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

answers(
    "16.1",
    right=[
        """
        def server_settings(uri):
            from urllib.parse import urlsplit

            name = urlsplit(uri).path.strip("/")
            if not name:
                raise ValueError(f"{uri} has no name of a database")
            settings = dict(host=uri, db=name, connect=False)
            settings["serverSelectionTimeoutMS"] = 1500
            return settings
        """,
        """
        def server_settings(uri):
            from pymongo.errors import ConfigurationError

            settings = {"host": uri, "connect": False, "serverSelectionTimeoutMS": 2000}
            from pymongo import MongoClient
            try:
                MongoClient(uri, connect=False).get_default_database()
            except ConfigurationError as error:
                raise ValueError("which database?") from error
            return settings | {"tz_aware": True}
        """,
    ],
    wrong={
        "empty": (
            """
            def server_settings(uri):
                pass
            """,
            "Does the function return the settings?",
        ),
        "the URI alone": (
            """
            def server_settings(uri):
                return {"host": uri}
            """,
            "a fork copies them",
        ),
        "a text in place of False": (
            """
            def server_settings(uri):
                return {"host": uri, "connect": "False", "serverSelectionTimeoutMS": 3000}
            """,
            "came back: 'connect': 'False'; expected: 'connect': False",
        ),
        "pymongo's patience": (
            """
            def server_settings(uri):
                return {"host": uri, "connect": False}
            """,
            "waits 30 seconds",
        ),
        "the wrong patience": (
            """
            def server_settings(uri):
                return {"host": uri, "connect": False, "connectTimeoutMS": 3000}
            """,
            "The key is serverSelectionTimeoutMS",
        ),
        "seconds in place of thousandths": (
            """
            def server_settings(uri):
                return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3}
            """,
            "waits 0.003 seconds",
        ),
        "asks nobody for the database": (
            """
            def server_settings(uri):
                return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}
            """,
            "a ValueError that says that the database is missing",
        ),
        "takes whatever stands behind the last slash": (
            """
            def server_settings(uri):
                if uri.count("/") < 3 or uri.endswith("/"):
                    raise ValueError("no database")
                return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}
            """,
            "server_settings('mongodb://127.0.0.1:1/?appName=club')",
        ),
        "the server of the example": (
            """
            def server_settings(uri):
                uri = "mongodb://127.0.0.1:1/flasklogin"
                return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}
            """,
            "The whole URI goes there as it is",
        ),
        "a database of its own": (
            """
            def server_settings(uri):
                if parse_uri(uri)["database"] is None:
                    return {"host": uri + "/flasklogin"}
                return {
                    "host": uri, "db": "flasklogin", "connect": False,
                    "serverSelectionTimeoutMS": 3000,
                }
            """,
            "a ValueError that says that the database is missing",
        ),
        "the server without its password": (
            """
            def server_settings(uri):
                parts = parse_uri(uri)
                if not parts["database"]:
                    raise ValueError("no database")
                host, port = parts["nodelist"][0]
                return {
                    "host": host, "port": port, "db": parts["database"],
                    "connect": False, "serverSelectionTimeoutMS": 3000,
                }
            """,
            "it also holds the password and the options",
        ),
        "says nothing in the error": (
            """
            def server_settings(uri):
                if parse_uri(uri)["database"] is None:
                    raise ValueError
                return {"host": uri, "connect": False, "serverSelectionTimeoutMS": 3000}
            """,
            "Whoever starts the app has to learn what to set",
        ),
    },
)

answers(
    "16.2",
    right=[
        """
        def address_of(request, proxies):
            from werkzeug.middleware.proxy_fix import ProxyFix

            environ = dict(request.environ)
            ProxyFix(lambda environ, start: [], x_for=proxies)(environ, None)
            return environ["REMOTE_ADDR"]
        """,
        """
        def address_of(request, proxies):
            chain = request.headers.get("X-Forwarded-For", "").replace(" ", "").split(",")
            chain = [one for one in chain if one]
            if proxies == 0 or len(chain) < proxies:
                return request.environ["REMOTE_ADDR"]
            for _ in range(proxies):
                address = chain.pop()
            return address
        """,
    ],
    wrong={
        "empty": (
            """
            def address_of(request, proxies):
                pass
            """,
            "Does the function return the address",
        ),
        "the broken function": (
            """
            def address_of(request, proxies):
                return first_address(request, proxies)
            """,
            "Which of the two addresses does the guesser choose?",
        ),
        "the whole header": (
            """
            def address_of(request, proxies):
                return request.headers.get("X-Forwarded-For", request.remote_addr)
            """,
            "Which of the two addresses does the guesser choose?",
        ),
        "the address of the proxy": (
            """
            def address_of(request, proxies):
                return request.remote_addr
            """,
            "The proxy has added who called it",
        ),
        "always the last value": (
            """
            def address_of(request, proxies):
                values = request.headers.get("X-Forwarded-For", request.remote_addr)
                return values.split(",")[-1].strip()
            """,
            "Count from there, as many as there are proxies",
        ),
        "counts from the beginning": (
            """
            def address_of(request, proxies):
                values = request.headers.get("X-Forwarded-For", request.remote_addr).split(",")
                return values[min(proxies, len(values) - 1)].strip()
            """,
            "the first proxy adds to it",
        ),
        "off by one": (
            """
            def address_of(request, proxies):
                values = request.headers.get("X-Forwarded-For", "").split(",")
                return values[-proxies - 1].strip()
            """,
            "guesser choose?",
        ),
        "believes a header without a proxy": (
            """
            def address_of(request, proxies):
                values = request.headers.get("X-Forwarded-For", request.remote_addr).split(",")
                if proxies > len(values):
                    return request.remote_addr
                return values[-max(proxies, 1)].strip()
            """,
            "Without a proxy, whoever sends the header has written it",
        ),
        "needs the header": (
            """
            def address_of(request, proxies):
                if proxies == 0:
                    return request.remote_addr
                return request.headers["X-Forwarded-For"].split(",")[-proxies].strip()
            """,
            "without X-Forwarded-For; came back: 500 Internal Server Error: KeyError",
        ),
        "an empty header is an address": (
            """
            def address_of(request, proxies):
                values = request.headers.get("X-Forwarded-For", request.remote_addr).split(",")
                if not proxies or proxies > len(values):
                    return request.remote_addr
                return values[-proxies].strip()
            """,
            'X-Forwarded-For: \'\'; came back: 200 OK {"address":""}',
        ),
        "the first one where there are too few": (
            """
            def address_of(request, proxies):
                header = request.headers.get("X-Forwarded-For")
                if not proxies or not header:
                    return request.remote_addr
                values = header.split(",")
                return values[-min(proxies, len(values))].strip()
            """,
            "the request came past one",
        ),
        "keeps the space": (
            """
            def address_of(request, proxies):
                header = request.headers.get("X-Forwarded-For")
                values = header.split(",") if header else []
                return values[-proxies] if 0 < proxies <= len(values) else request.remote_addr
            """,
            "There may be a space behind a comma",
        ),
        "the address of the example": (
            """
            def address_of(request, proxies):
                return "203.0.113.9"
            """,
            'expected: a JSON object with {"address": "203.0.113.10"}',
        ),
    },
)

answers(
    "16.3",
    right=[
        """
        def add_claim(app, people):
            people.create_index([("name", 1)], unique=True)

            def claim(name):
                if people.find_one({"name": name}):
                    return {"error": "taken"}, 409
                try:
                    people.insert_one({"name": name, "by": "somebody"})
                except DuplicateKeyError:
                    return {"error": "taken, a moment ago"}, 409
                return "", 201

            app.add_url_rule("/names/<name>", "claim", claim, methods=["PUT"])
        """,
        """
        def add_claim(app, people):
            @app.errorhandler(DuplicateKeyError)
            def taken(error):
                return {"error": "taken"}, 409

            @app.route("/names/<string:name>", methods=["PUT"])
            def claim(name):
                people.create_index("name", unique=True)
                people.insert_one({"name": name})
                return {"name": name}, 201

            return app
        """,
        """
        def add_claim(app, people):
            people.create_index("name", unique=True)

            @app.put("/names/<name>")
            def claim(name):
                new = {"$setOnInsert": {"name": name}}
                done = people.update_one({"name": name}, new, upsert=True)
                return {"name": name}, 409 if done.upserted_id is None else 201
        """,
    ],
    wrong={
        "empty": (
            """
            def add_claim(app, people):
                pass
            """,
            "Is there a view for PUT /names/<name>",
        ),
        "looks, and then writes": (
            """
            def add_claim(app, people):
                @app.put("/names/<name>")
                def claim(name):
                    if people.find_one({"name": name}):
                        return {"error": "taken"}, 409
                    people.insert_one({"name": name})
                    return {"name": name}, 201
            """,
            "The look came too early",
        ),
        "looks again after the write, and lets both stand": (
            """
            def add_claim(app, people):
                @app.put("/names/<name>")
                def claim(name):
                    if people.find_one({"name": name}):
                        return {"error": "taken"}, 409
                    people.insert_one({"name": name})
                    if people.count_documents({"name": name}) > 1:
                        return {"error": "taken"}, 409
                    return {"name": name}, 201
            """,
            "Both looked before either wrote.",
        ),
        "cleans up after itself": (
            """
            def add_claim(app, people):
                @app.put("/names/<name>")
                def claim(name):
                    mine = people.insert_one({"name": name}).inserted_id
                    if people.count_documents({"name": name}) > 1:
                        people.delete_one({"_id": mine})
                        return {"error": "taken"}, 409
                    return {"name": name}, 201
            """,
            "Only an index on name holds for all",
        ),
        "a lock": (
            """
            def add_claim(app, people):
                from threading import Lock
                lock = Lock()

                @app.put("/names/<name>")
                def claim(name):
                    with lock:
                        if people.find_one({"name": name}):
                            return {"error": "taken"}, 409
                        people.insert_one({"name": name})
                    return {"name": name}, 201
            """,
            "The look came too early",
        ),
        "an index, and nobody to translate it": (
            """
            def add_claim(app, people):
                people.create_index("name", unique=True)

                @app.put("/names/<name>")
                def claim(name):
                    if people.find_one({"name": name}):
                        return {"error": "taken"}, 409
                    people.insert_one({"name": name})
                    return {"name": name}, 201
            """,
            "Translate the refusal",
        ),
        "an index that is not unique": (
            """
            def add_claim(app, people):
                people.create_index("name")

                @app.put("/names/<name>")
                def claim(name):
                    try:
                        people.insert_one({"name": name})
                    except DuplicateKeyError:
                        return {"error": "taken"}, 409
                    return {"name": name}, 201
            """,
            "it has to be unique",
        ),
        "an index on another field": (
            """
            def add_claim(app, people):
                people.create_index("names", unique=True)

                @app.put("/names/<name>")
                def claim(name):
                    try:
                        people.insert_one({"name": name})
                    except DuplicateKeyError:
                        return {"error": "taken"}, 409
                    return {"name": name}, 201
            """,
            "Is the index on the field name?",
        ),
        "no index, one document a name": (
            """
            def add_claim(app, people):
                @app.put("/names/<name>")
                def claim(name):
                    new = {"$setOnInsert": {"name": name}}
                    done = people.update_one({"name": name}, new, upsert=True)
                    return {"name": name}, 409 if done.upserted_id is None else 201
            """,
            "Only an index on name holds for all",
        ),
        "every error is a name that is taken": (
            """
            def add_claim(app, people):
                people.create_index("name", unique=True)

                @app.put("/names/<name>")
                def claim(name):
                    try:
                        people.insert_one({"name": name})
                    except Exception:
                        return {"error": "taken"}, 409
                    return {"name": name}, 201
            """,
            "Catch the refusal of the index, and no other error",
        ),
        "keeps the names in the process": (
            """
            def add_claim(app, people):
                names = set()

                @app.put("/names/<name>")
                def claim(name):
                    if name in names:
                        return {"error": "taken"}, 409
                    names.add(name)
                    return {"name": name}, 201
            """,
            "The name is stored under the key name",
        ),
        "another status": (
            """
            def add_claim(app, people):
                people.create_index("name", unique=True)

                @app.put("/names/<name>")
                def claim(name):
                    try:
                        people.insert_one({"name": name})
                    except DuplicateKeyError:
                        return {"error": "taken"}, 400
                    return {"name": name}, 201
            """,
            "Turn the refusal of the database into a 409",
        ),
        "patches the client": (
            f"""
            def add_claim(app, people):
                {PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)}
            """,
            "Leave these alone",
        ),
    },
)
