"""Requests over HTTP: who is logged in, and logging in, on three apps and one MongoDB server."""

import secrets
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import requests
from people import add_users
from serving import Server, ask, ask_who, gunicorn, log_in, mongodb_in
from targets import PASSWORD

from . import Row, Scale, in_turn

#: The least that the finished app takes, so that a login is what stands around the hash.
CHEAPEST = "scrypt:128:8:1"

#: So many users that the logins of one are never too many at once while this is measured.
_USERS = 1000

FINISHED, ARTICLE, BARE = "finished app", "article's app", "bare Flask-Login"
COUNTED = "finished app, attempts counted in MongoDB"


def settings(uri: str, method: str = CHEAPEST, **more: str) -> dict[str, str]:
    """Return the environment of the finished app, with limits that no load reaches."""
    return {
        "FLASKLOGIN_MONGODB_URI": uri,
        "FLASKLOGIN_SECRET_KEY": secrets.token_hex(),
        "FLASKLOGIN_HTTPS": "false",
        "FLASKLOGIN_PASSWORD_METHOD": method,
        "FLASKLOGIN_SIGN_IN_LIMIT_PER_NAME": "1000000000 per day",
        "FLASKLOGIN_SIGN_IN_LIMIT_PER_ADDRESS": "1000000000 per day",
        **more,
    }


def measure(scale: Scale) -> list[Row]:
    """Let four workers of each app answer in turn."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as open_until_here:
        folder = Path(name)
        run_mongodb = mongodb_in(folder)
        open_until_here.enter_context(run_mongodb())
        uri = f"{run_mongodb.uri}/finished"
        add_users(uri, _USERS, CHEAPEST)
        add_users(f"{run_mongodb.uri}/article", _USERS)

        def serve(app: str, **variables: str) -> Server:
            return open_until_here.enter_context(gunicorn(f"targets:{app}()", folder, **variables))

        servers = {
            FINISHED: serve("finished", **settings(uri)),
            ARTICLE: serve("article", ARTICLE_URI=f"{run_mongodb.uri}/article"),
            BARE: serve("bare"),
        }
        counted = serve("finished", **settings(uri, FLASKLOGIN_RATELIMIT_STORAGE_URI=uri))

        def rows(what: str, requests: dict[str, tuple[Server, str]]) -> tuple[Row, Row]:
            spent: dict[str, list[float]] = {side: [] for side in requests}

            def once(side: str) -> float:
                server, request = requests[side]
                load = ask(server, request, folder, seconds=scale.seconds)
                spent[side].append(load.processor)
                return load.a_second

            sides = {side: partial(once, side) for side in requests}
            values = in_turn(scale.load_rounds, sides)
            return (
                Row(what, "a second", values),
                Row(f"{what}: processor time of the app", "ms a request", spent),
            )

        read, read_work = rows(
            "authenticated read, 4 workers",
            {side: (one, ask_who(_cookies_of(one))) for side, one in servers.items()},
        )
        read.ratios = [(FINISHED, ARTICLE, ">= 0.9"), (FINISHED, BARE, ">= 0.3")]
        read_work.ratios = [(FINISHED, ARTICLE, ""), (FINISHED, BARE, "")]
        trying = {FINISHED: servers[FINISHED], ARTICLE: servers[ARTICLE], COUNTED: counted}
        login, login_work = rows(
            f"login with the cheapest hash, 4 workers, {_USERS:,} users",
            {side: (one, log_in(_USERS, PASSWORD)) for side, one in trying.items()},
        )
        login.ratios = [(FINISHED, ARTICLE, ">= 0.8"), (COUNTED, FINISHED, "")]
        login_work.ratios = [(FINISHED, ARTICLE, ""), (COUNTED, FINISHED, "")]
        return [read, read_work, login, login_work]


def _cookies_of(server: Server) -> dict[str, str]:
    browser = requests.Session()
    answer = browser.post(
        f"{server.address}/login", json={"username": "user0", "password": PASSWORD}, timeout=60
    )
    answer.raise_for_status()
    told = browser.post(f"{server.address}/user_info", timeout=60).json()
    if told["data"]["name"] != "user0":
        raise RuntimeError(f"{server.address} does not know who has just logged in: {told}")
    return browser.cookies.get_dict()
