"""The production hash: logins a second beside scrypt alone, and the memory of many at once."""

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import requests
from people import add_users
from serving import Server, gunicorn, mongodb_in
from targets import PASSWORD

from flasklogin_tutorial.app.config import DEFAULTS

from . import Row, Scale, in_turn
from .reads_and_logins import settings

ALONE = "scrypt alone, 4 at once"
PROCESSES = "4 workers"
THREADS = "1 worker with 64 threads"


def measure(scale: Scale) -> list[Row]:
    """Let many log in at the same moment, each once, and wait for all of them."""
    method = DEFAULTS["PASSWORD_METHOD"]
    most: dict[str, int] = {}
    spent: dict[str, list[float]] = {PROCESSES: [], THREADS: [], ALONE: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_mongodb = mongodb_in(folder)
        with run_mongodb():
            uri = f"{run_mongodb.uri}/finished"
            add_users(uri, scale.at_once, method)
            known = settings(uri, method)
            with (
                gunicorn("targets:finished()", folder, **known) as processes,
                gunicorn("targets:finished()", folder, workers=1, threads=64, **known) as threads,
            ):
                servers = {PROCESSES: processes, THREADS: threads}

                def once(side: str) -> float:
                    server = servers[side]
                    before, began = server.processor_seconds(), time.perf_counter()
                    with _watching(server, most, side):
                        _log_in_all(server, scale.at_once)
                    seconds = time.perf_counter() - began
                    spent[side].append((server.processor_seconds() - before) / scale.at_once)
                    return scale.at_once / seconds

                def alone() -> float:
                    before, began = time.process_time(), time.perf_counter()
                    _hash_alone(method, scale.at_once)
                    spent[ALONE].append((time.process_time() - before) / scale.at_once)
                    return scale.at_once / (time.perf_counter() - began)

                for server in servers.values():
                    _log_in_all(server, 4)  # most workers make their connection now
                idle = {side: server.memory() for side, server in servers.items()}
                sides = {side: partial(once, side) for side in servers} | {ALONE: alone}
                values = in_turn(scale.hash_rounds, sides)
    megabytes = {
        side: {"before": idle[side] // 2**20, "most": most[side] // 2**20} for side in idle
    }
    what = f"logins with {method}, {scale.at_once} at once"
    row = Row(what, "a second", values)
    row.ratios = [(PROCESSES, ALONE, ">= 0.9"), (THREADS, ALONE, "")]
    row.notes = {"megabytes": megabytes, "processors": os.cpu_count()}
    work = Row(f"{what}: processor time", "s a login", spent)
    work.ratios = [(PROCESSES, ALONE, ""), (THREADS, ALONE, "")]
    return [row, work]


def _log_in_all(server: Server, number: int) -> None:
    """Log in as so many users at the same moment, from a thread each."""

    def log_in(user: int) -> None:
        typed = {"username": f"user{user}", "password": PASSWORD}
        requests.post(f"{server.address}/login", json=typed, timeout=900).raise_for_status()

    with ThreadPoolExecutor(number) as pool:
        list(pool.map(log_in, range(number)))


def _hash_alone(method: str, number: int) -> None:
    """Hash with the same numbers and nothing around it; it lets go of Python's lock meanwhile."""
    n, r, p = (int(one) for one in method.split(":")[1:])

    def hash_once(_: int) -> None:
        hashlib.scrypt(b"password", salt=os.urandom(16), n=n, r=r, p=p, maxmem=132 * n * r * p)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hash_once, range(number)))


@contextmanager
def _watching(server: Server, most: dict[str, int], side: str) -> Iterator[None]:
    """Note the most memory that a server holds meanwhile."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            most[side] = max(most.get(side, 0), server.memory())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
