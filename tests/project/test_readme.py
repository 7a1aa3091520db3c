"""The first picture in README.md shows what the text above it says."""

import re
import sys
from pathlib import Path

import pytest

import flasklogin_tutorial
from flasklogin_tutorial.steps import step06_logout_and_user_info as article

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")

sys.path.insert(0, str(ROOT / "tools"))
from generated import picture  # noqa: E402

#: What the text calls the apps.
APPS = {
    "finished app": flasklogin_tutorial.create_app,
    "article's app": article.create_app,
}
NUMBERS = {"One read": 1, "Two reads": 2}


def disagreements(readme):
    """Compare the picture with the paragraph above it.

    That the picture is what `picture.create_app` does is seen by tools/build.py.
    """
    before, drawn = re.search(
        r"\n([^\n]+)\n\n<!-- picture: .*? -->\n(.+?)<!-- end of picture -->", readme, re.DOTALL
    ).groups()
    said = [name for name in APPS if name in before]
    if [APPS[name] for name in said] != [picture.create_app]:
        yield f"the text is about the {said}, the picture about {picture.create_app.__module__}"
    statuses = re.findall(r"FLASK-->>BROWSER: (\d{3})", drawn)
    if re.findall(r"\b[1-5]\d\d\b", before) != statuses:
        yield f"the picture's answer is {statuses}"
    if "deletes a record that is not there" in before and not (
        "BROWSER->>FLASK: DELETE /\n" in drawn and "MONGO-->>FLASK: 0 documents" in drawn
    ):
        yield "the picture deletes no record that is not there"
    reads = re.findall(r"LOGIN->>MONGO: (.+)", drawn)
    if [count for words, count in NUMBERS.items() if words in before] != [len(reads)]:
        yield f"Flask-Login reads {len(reads)} times"
    if "together with her account" in before and "$lookup: {from: 'user'" not in "".join(reads):
        yield "no read fetches the account together with the login"
    if "in JSON" in before and not re.search(r"Note over BROWSER: \{[^\n]*\n*```", drawn):
        yield "the answer is not in JSON"


def test_the_text_above_the_first_picture_says_what_it_shows():
    assert list(disagreements(README)) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("in the finished app: Ada", "in the article's app: Ada", "the text is about"),
        ("the answer is a 404", "the answer is a 200", "the picture's answer is ['404']"),
        ("FLASK-->>BROWSER: 404 Not Found", "FLASK-->>BROWSER: 200 OK", "answer is ['200']"),
        ("One read of", "Two reads of", "Flask-Login reads 1 times"),
        ("BROWSER->>FLASK: DELETE /", "BROWSER->>FLASK: GET /", "deletes no record"),
        ("$lookup: {from: 'user'", "$limit: {", "no read fetches the account"),
        ('Note over BROWSER: {"advice"', "Note over BROWSER: <html> ", "is not in JSON"),
    ],
)
def test_a_picture_that_shows_something_else_is_noticed(old, new, says):
    assert README.count(old) == 1
    (said,) = disagreements(README.replace(old, new))
    assert says in said


def test_a_picture_of_another_app_is_noticed(monkeypatch):
    monkeypatch.setattr(picture, "create_app", article.create_app)
    assert "step06" in next(disagreements(README))
