"""What an authenticated read asks of MongoDB, asked of the server alone: no app, no HTTP."""

import multiprocessing
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import pymongo
from bson import json_util
from people import add_users

from . import Row, Scale, in_turn
from .many_users import mongodb, tell
from .reads_and_logins import ARTICLE, CHEAPEST, FINISHED, settings

_PROCESSES = 4
_USERS = 1000


def measure(scale: Scale) -> list[Row]:
    """Send the one command of a read again and again, from as many processes as an app has workers.

    Args:
        scale: how much is measured.
    """
    with mongodb() as server:
        finished, article = f"{server}/finished", f"{server}/article"
        add_users(finished, _USERS, CHEAPEST)
        add_users(article, _USERS)
        return [_compare(scale, finished, article)]


def _compare(scale: Scale, finished: str, article: str) -> Row:
    variables = {FINISHED: settings(finished), ARTICLE: {"ARTICLE_URI": article}}
    sides = {
        side: partial(_ask, uri, json_util.loads(tell(app, "question", variables[side])), scale)
        for side, app, uri in ((FINISHED, "finished", finished), (ARTICLE, "article", article))
    }
    what = f"what an authenticated read asks, sent to the server by {_PROCESSES} processes"
    row = Row(what, "a second", in_turn(scale.load_rounds, sides))
    row.ratios = [(FINISHED, ARTICLE, "")]
    return row


def _ask(uri: str, command: Mapping[str, Any], scale: Scale) -> float:
    """Return how many answers came in a second, to all processes together."""
    with multiprocessing.get_context("spawn").Pool(_PROCESSES) as pool:
        asked = [
            pool.apply_async(_ask_alone, (uri, command, scale.seconds)) for _ in range(_PROCESSES)
        ]
        return sum(one.get() for one in asked)


def _ask_alone(uri: str, command: Mapping[str, Any], seconds: float) -> float:
    """Ask for so many seconds, and return how many answers came in a second."""
    with pymongo.MongoClient(uri) as client:
        database = client.get_default_database()
        if not database.command(command)["cursor"]["firstBatch"]:
            raise RuntimeError(f"the server found nothing for {command}")
        answers, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            database.command(command)
            answers += 1
        return answers / (time.perf_counter() - began)
