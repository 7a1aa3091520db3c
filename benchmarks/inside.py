"""One app in this process, without HTTP: how long its logins take, and what it asks of MongoDB.

    python benchmarks/inside.py finished|article USERS logins|operations|question

With `logins` it reads lines with a number, logs in as often, and answers with the median of the
milliseconds. With `operations` it prints the operations of each kind of request, and with
`question` the one command that an authenticated read sends to MongoDB. run.py starts one for each
database, because mongoengine knows one at a time in a process.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from bson import json_util
from flask import Flask
from flask.testing import FlaskClient
from pymongo import monitoring
from targets import PASSWORD, article, finished


class Operations(monitoring.CommandListener):
    """Writes down the commands that a client of MongoDB sends."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.last: Mapping[str, Any] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.seen.append(event.command_name)
        self.last = event.command

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


def log_in(client: FlaskClient, name: str) -> None:
    answer = client.post("/login", json={"username": name, "password": PASSWORD})
    if "name" not in (answer.get_json() or {}):
        raise SystemExit(f"{name} cannot log in: {answer.status} {answer.get_data(as_text=True)}")


def time_logins(app: Flask, users: int) -> None:
    """Answer each line with the milliseconds of a login, of users that chance picks."""
    chance = random.Random(1)
    log_in(app.test_client(), "user0")  # makes the connection and the indexes
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        taken = []
        for _ in range(int(line)):
            name = f"user{chance.randrange(users)}"
            start = time.perf_counter()
            log_in(app.test_client(), name)
            taken.append((time.perf_counter() - start) * 1000)
        print(json.dumps(statistics.median(taken)), flush=True)


def count_operations(app: Flask, operations: Operations) -> dict[str, dict[str, int]]:
    """Make each kind of request, twice where the first one also makes something, and count."""
    counted: dict[str, dict[str, int]] = {}
    wrong = {"username": "user1", "password": "wrong"}

    def count(kind: str, request: Callable[[], object]) -> None:
        operations.seen.clear()
        request()
        counted[kind] = {name: operations.seen.count(name) for name in sorted({*operations.seen})}

    log_in(app.test_client(), "user0")
    ada, again = app.test_client(), app.test_client()
    count("login", lambda: log_in(ada, "user0"))
    log_in(again, "user1")
    count("login, in a browser that is logged in", lambda: log_in(again, "user1"))
    count("login refused", lambda: app.test_client().post("/login", json=wrong))
    count("who is logged in", lambda: ada.post("/user_info"))
    count("a record, read by nobody", lambda: app.test_client().get("/?name=user1"))
    count("a record, read by a user", lambda: ada.get("/?name=user1"))
    if "pages" in app.blueprints:
        count("the account page", lambda: ada.get("/account"))
    change = {"name": "user0", "email": "new@example.org"}
    # The article's app sets whatever is sent, and needs all of it.
    change |= {} if "pages" in app.blueprints else {"password": PASSWORD}
    count("a change of address", lambda: ada.post("/", json=change))
    count("logout", lambda: ada.post("/logout"))
    return counted


def question_of_a_read(app: Flask, operations: Operations) -> dict[str, Any]:
    """Return the command of an authenticated read, without what belongs to its connection."""
    client = app.test_client()
    log_in(client, "user0")
    operations.seen.clear()
    client.post("/user_info")
    if len(operations.seen) != 1:
        raise SystemExit(f"an authenticated read is not one operation: {operations.seen}")
    return {
        name: value
        for name, value in operations.last.items()
        if not name.startswith("$") and name not in ("lsid", "txnNumber")
    }


def main(which: str, users: int, what: str) -> None:
    """Make the app that is asked for, and do what is asked."""
    operations = Operations()
    monitoring.register(operations)
    app = finished() if which == "finished" else article()
    if what == "operations":
        print(json.dumps(count_operations(app, operations)))
    elif what == "question":
        print(json_util.dumps(question_of_a_read(app, operations)))
    else:
        time_logins(app, users)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
