"""Where in the source an attack got in: the view behind a request, however it is written."""

import functools
import inspect
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from flask.views import MethodView
from flask_login import login_required

from flasklogin_tutorial.attacks import ATTACKS, Exchange, Outcome, Row, Verdict
from flasklogin_tutorial.attacks.places import place_of

HERE = Path(__file__).resolve().parent
MADE_BY = f"{__name__}:make"


def shouting(view):
    @functools.wraps(view)
    def wrapper(*arguments, **named):
        return view(*arguments, **named).upper()

    return wrapper


def make():
    app = Flask("places")
    parts = Blueprint("parts", __name__, url_prefix="/parts")

    @app.get("/hidden")
    @login_required  # of a library: the function that Flask calls is not in this file
    @shouting
    def hidden():
        return "hidden behind decorators"

    @parts.get("/<int:number>/")
    def numbered(number):
        return str(number)

    class Records(MethodView):
        def get(self):
            return "read"

        def delete(self):
            return "deleted"

    app.register_blueprint(parts)
    app.add_url_rule("/records", view_func=Records.as_view("records"))
    app.add_url_rule("/partial", view_func=functools.partial(str, 1), endpoint="partial")
    return app


def place(called, name="weak-password", written=MADE_BY, root=HERE):
    [attack] = [one for one in ATTACKS if one.name == name]
    row = Row(attack, Outcome(Verdict.GOT_IN, "so", (Exchange(called, "200 OK"),)))
    return place_of(row, make(), written, root)


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("GET /hidden", "hidden"),
        ("GET /hidden?next=/parts/1/", "hidden"),
        ("GET /hidden, not logged in", "hidden"),
        ("GET /parts/7/", "numbered"),
        ("GET /parts/7", "numbered"),
        ('DELETE /records {"name": "ada"}, logged in', "Records.delete"),
        ("GET /records", "Records.get"),
    ],
)
def test_a_request_leads_to_its_view(called, name):
    found = place(called)
    assert (found.path, found.name.rpartition("<locals>.")[2]) == (Path(__file__).resolve(), name)
    lines = found.path.read_text(encoding="utf-8").splitlines()[found.first - 1 : found.last]
    assert f"def {name.rpartition('.')[2]}(" in "\n".join(lines)


@pytest.mark.parametrize(
    "called",
    ["GET /missing", "DELETE /hidden", "GET /partial", "the database was read", "next='//x' (a)"],
)
def test_without_a_view_it_is_what_makes_the_app(called):
    found = place(called)
    assert (found.name, found.first) == ("make", inspect.getsourcelines(make)[1])


def test_what_is_set_where_the_app_is_made_is_found_there():
    assert place("GET /hidden", "forged-session-cookie").name == "make"


def test_an_app_that_was_made_already_is_in_its_module(monkeypatch):
    monkeypatch.setitem(globals(), "app", make())
    found = place("nothing", written=f"{__name__}:app")
    assert (found.path, found.first, found.name) == (Path(__file__).resolve(), 1, __name__)


def test_the_readers_own_source_goes_before_that_of_a_library():
    outside = HERE / "nowhere"
    assert place("GET /hidden", root=outside).name == "hidden"
    app = make()
    app.static_folder = str(HERE)
    [attack] = [one for one in ATTACKS if one.name == "weak-password"]
    exchanges = (Exchange("GET /static/x.css", "200"), Exchange("GET /hidden", "200"))
    row = Row(attack, Outcome(Verdict.GOT_IN, "so", exchanges))
    assert place_of(row, app, MADE_BY, HERE).name == "hidden"


def test_it_is_shown_as_seen_from_the_readers_folder():
    found = place("GET /hidden")
    assert found.shown(HERE) == f"test_places.py:{found.first}"
    assert found.shown(HERE / "nowhere") == f"{found.path.as_posix()}:{found.first}"
