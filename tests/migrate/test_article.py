"""The article's code, in the spelling of its time, goes through the command and starts."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytest.importorskip("libcst")

from flasklogin_tutorial.migrate.command import CLEAN, main

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

#: What its reader tries then. The driver connects at the first operation, and here to mongomock.
TRY_IT = """
    import article, mongoengine, mongomock

    mongoengine.disconnect_all()
    mongoengine.connect("people", mongo_client_class=mongomock.MongoClient)
    article.User(name="ada", password="lovelace", email="ada@example.org").save()
    client = article.app.test_client()
    ada = {"name": "ada", "email": "ada@example.org"}
    assert client.get("/?name=ada").json == ada
    assert client.delete("/", json={"name": "ada"}).status_code in (302, 401)
    assert client.post("/user_info").json["result"] == 401
    assert client.post("/login", json={"username": "ada", "password": "lovelace"}).json == ada
    assert client.post("/user_info").json == {"result": 200, "data": ada}
    bob = {"name": "bob", "password": "b", "email": "bob@example.org"}
    assert client.put("/", json=bob).json["name"] == "bob"
    assert client.post("/logout").json["result"] == 200
    assert client.post("/user_info").json["result"] == 401
    user = article.User.objects.first()
    assert (user.is_authenticated, user.is_active, user.is_anonymous) == (True, True, False)
    print("it works")
"""


def run(folder, source):
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(source)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
@pytest.mark.mongomock("the app that starts is put onto mongomock by the test")
def test_the_articles_code_starts_after_it_and_not_before(tmp_path):
    shutil.copy(HERE / "old" / "article.py", tmp_path)
    before = run(tmp_path, "import article")
    assert "No module named 'flask.ext'" in before.stderr

    assert main(["--fix", str(tmp_path)]) == CLEAN
    after = run(tmp_path, TRY_IT)
    assert (after.returncode, after.stdout) == (0, "it works\n"), after.stderr
