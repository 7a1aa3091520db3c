"""Mixed load on the app as it is served, for a while: memory, files and connections stay.

A short run comes with all tests. `pytest tests/app/test_load.py --load-seconds=1800` is a long one.
"""

import itertools
import os
import secrets
import sys
import threading
import time
import uuid
from pathlib import Path
from statistics import linear_regression

import pymongo
import pytest
import requests

from flasklogin_tutorial.app.config import CHEAP_PASSWORD_METHOD
from flasklogin_tutorial.visit import forget

from .conftest import PASSWORDS, credentials, csrf_token, populate
from .processes import NO_HURRY, PATIENCE, mongodb_in, needs_gunicorn, needs_server, workers
from .test_faults_workers import pids

pytestmark = [
    pytest.mark.slow,
    needs_gunicorn,
    needs_server,
    pytest.mark.skipif(sys.platform != "linux", reason="memory and files are read from /proc"),
]

#: What a worker may grow by, as a part of its memory, from the middle of the run to its end.
GROWTH = 0.03


class Visitor(threading.Thread):
    """Somebody who does one thing after the other, and begins again."""

    def __init__(self, address, number, ends):
        super().__init__()
        self.address, self.number, self.ends = address, number, ends
        self.name_ = list(PASSWORDS)[number % len(PASSWORDS)]
        self.statuses, self.error = [], None

    def run(self):
        try:
            for turn in itertools.count():
                if self.ends.is_set():
                    return
                self.visit(turn)
        except Exception as error:  # shown by the test, in the thread nobody would see it
            self.error = error

    def ask(self, browser, verb, path, **more):
        answer = browser.request(verb, self.address + path, timeout=PATIENCE, **more)
        self.statuses.append(answer.status_code)
        return answer

    def visit(self, turn):
        name = f"visitor{self.number}x{turn}"
        with requests.Session() as browser:
            self.ask(browser, "POST", "/login", json={"username": name, "password": "wrong"})
            self.ask(browser, "POST", "/login", json=credentials(self.name_))
            for _ in range(5):
                self.ask(browser, "POST", "/user_info")
                self.ask(browser, "GET", f"/?name={self.name_}")
            page = self.ask(browser, "GET", "/account", headers={"Accept": "text/html"})
            form = {"csrf_token": csrf_token(page), "email": f"{self.name_}@example.org"}
            self.ask(browser, "POST", "/account/email", data=form)
            body = {"name": name, "email": f"{name}@example.org", "password": f"pass phrase {name}"}
            self.ask(browser, "PUT", "/", json=body)
            self.ask(browser, "DELETE", "/", json={"name": name})
            self.ask(browser, "POST", "/", data=b"{broken", headers={"Content-Type": "text/plain"})
            self.ask(browser, "GET", "/nowhere")
            self.ask(browser, "POST", "/logout")


def memory_of(pid):
    """Return the bytes that a process has in memory.

    Those that it shares with the process that it was forked from count too: they become its own as
    soon as the garbage collector touches them, and that is no growth.
    """
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def files_of(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def test_under_load_nothing_grows(make_app, tmp_path, pytestconfig, figure):
    seconds = pytestconfig.option.load_seconds
    mongodb, log = mongodb_in(tmp_path), tmp_path / "gunicorn.txt"
    uri = f"{mongodb.uri}/test_{uuid.uuid4().hex}?{NO_HURRY}"
    settings = {
        "FLASKLOGIN_MONGODB_URI": uri,
        "FLASKLOGIN_RATELIMIT_STORAGE_URI": uri,
        "FLASKLOGIN_SECRET_KEY": secrets.token_hex(),
        "FLASKLOGIN_HTTPS": "false",
        "FLASKLOGIN_PASSWORD_METHOD": CHEAP_PASSWORD_METHOD,
        "FLASKLOGIN_SIGN_IN_LIMIT_PER_ADDRESS": "1000000 per hour",
        "FLASKLOGIN_SIGN_IN_LIMIT_PER_NAME": "1000000 per hour",
    }
    with mongodb(), pymongo.MongoClient(mongodb.uri) as client:
        populate(make_app(MONGODB_URI=uri))
        forget()
        with workers(settings, log, 2) as address:
            ends = threading.Event()
            visitors = [Visitor(address, number, ends) for number in range(4)]
            for visitor in visitors:
                visitor.start()
            samples = []
            begin = time.monotonic()
            while (now := time.monotonic() - begin) < seconds:
                time.sleep(min(1, seconds / 30))
                there = pids(log)
                samples.append(
                    (
                        now,
                        sum(map(memory_of, there)),
                        sum(map(files_of, there)),
                        client.admin.command("serverStatus")["connections"]["current"],
                    )
                )
            ends.set()
            for visitor in visitors:
                visitor.join()
            assert len(there) == 2, "a worker died"
    assert [visitor.error for visitor in visitors] == [None] * len(visitors)
    statuses = [status for visitor in visitors for status in visitor.statuses]
    assert max(statuses) < 500
    half = samples[len(samples) // 2 :]
    times, memory, files, connections = zip(*half, strict=True)
    slope = linear_regression(times, memory).slope
    growth = slope * (times[-1] - times[0]) / memory[0]
    assert growth < GROWTH, f"{slope / 1024:.1f} KiB a second"
    assert max(files) <= max(sample[2] for sample in samples[: len(samples) // 2]) + 2
    assert max(connections) <= max(sample[3] for sample in samples[: len(samples) // 2]) + 2
    figure(
        f"{len(statuses)} requests in {seconds} s by 4 visitors to 2 workers, no answer above 499; "
        f"in the second half {slope * 60 / 1024:+.0f} KiB a minute of {memory[0] / 2**20:.0f} MiB, "
        f"{max(files)} files and {max(connections)} connections at most"
    )
