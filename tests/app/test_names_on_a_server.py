"""Names on a server: its own indexes keep apart what looks alike, whoever writes at once."""

import subprocess
import sys

import pytest

from .processes import mongodb_in

pytest.importorskip("secantus", reason="SecantusDB has no wheel for this Python or machine")

PROGRAM = """
import sys
from mongoengine import NotUniqueError
from flasklogin_tutorial.app import create_app
from flasklogin_tutorial.app.database import ensure_indexes
from flasklogin_tutorial.app.models import User

app = create_app({"TESTING": True, "MONGODB_URI": sys.argv[1], "ENVIRONMENT": "development"})
with app.app_context():
    ensure_indexes()
    for name in ("ada", "Ian"):
        User(name=name).save(force_insert=True)
    for name in ("ADA", "lan", "\\u0131an", "zoe"):  # past the look of the domain, as in a race
        try:
            User(name=name).save(force_insert=True)
            print("stored")
        except NotUniqueError:
            print("refused")
"""


@pytest.mark.slow
def test_the_index_of_looks_refuses_one_look_in_common(tmp_path):
    run = mongodb_in(tmp_path)
    with run():
        command = [sys.executable, "-c", PROGRAM, f"{run.uri}/names"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["refused", "refused", "refused", "stored"], done.stderr
