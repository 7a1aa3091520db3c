"""`make article` prints commands to try; each does what it is there to show."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on the PATH"),
]


@pytest.fixture
def welcome():
    """Start the article's app on a port that is free, and give what it says."""
    command = [sys.executable, "-u", str(ROOT / "tools" / "serve_article.py"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        said = ""
        while "user_info" not in said:
            line = server.stdout.readline()
            assert line, f"the server ended: {said}"
            said += line
        yield said
        server.terminate()


def test_the_printed_commands_log_ada_in(welcome, tmp_path):
    printed = re.findall(r"^  (curl (?:.*\\\n)*.*)", welcome, re.MULTILINE)
    assert len(printed) == 3
    answers = []
    for command in printed:
        done = subprocess.run(
            ["bash", "-c", f"{command} --silent --show-error"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(json.loads(done.stdout))
    found, logged_in, asked = answers
    assert found["name"] == logged_in["name"] == "ada"
    assert asked["data"]["name"] == "ada"
