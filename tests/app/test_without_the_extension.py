"""What it takes to do without flask-mongoengine: ten lines in its place, and nothing else."""

import subprocess
import sys

import pytest

#: Stands for the extension, before anything imports it. Nobody maintains flask-mongoengine, and
#: its fork imports a name from Flask that Flask 3.2 no longer has.
IN_ITS_PLACE = """
import sys
from types import ModuleType

import mongoengine


class MongoEngine:
    config = None

    def init_app(self, app):
        client = mongoengine.connect(**app.config["MONGODB_SETTINGS"])
        app.extensions["mongoengine"] = {self: {"conn": {"default": client}}}

    def __getattr__(self, name):
        return getattr(mongoengine, name)


sys.modules["flask_mongoengine"] = ModuleType("flask_mongoengine")
sys.modules["flask_mongoengine"].MongoEngine = MongoEngine
"""

ALL_ATTACKS = """
from flasklogin_tutorial.app import create_app
from flasklogin_tutorial.attacks import Verdict, run_attacks
from flasklogin_tutorial.visit import new_app

settings = {"SECRET_KEY": "a key that is long enough to be taken", "HTTPS": True, "TESTING": True}
settings |= {"MAIL_SERVER": "outbox", "MAIL_FROM": "accounts@example.org"}
settings |= {"PUBLIC_ADDRESS": "https://app.example", "SECOND_FACTOR": "offered", "PASSKEYS": True}
report = run_attacks(new_app(create_app, settings))
print(len(report.rows), len(report.having(Verdict.GOT_IN)), len(report.having(Verdict.HELD)))
"""


@pytest.mark.slow
@pytest.mark.mongomock("the attacks write, and the database is that of the app alone")
def test_the_app_holds_without_the_extension():
    source = IN_ITS_PLACE + ALL_ATTACKS
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", source], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    rows, got_in, held = map(int, done.stdout.split())
    assert got_in == 0
    assert held >= rows - 1 > 50
