"""Starting each app on an empty database, whatever this process has made before."""

import sys
from types import ModuleType

import mongomock
import pytest
from flask import Flask, jsonify
from flask_mongoengine import MongoEngine

from flasklogin_tutorial.lab import check, new_app, serve
from flasklogin_tutorial.steps import step00_records_api as step00
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import NotAFlaskApp, in_process, require_app
from flasklogin_tutorial.visit import browser as browsers

from .visited import make_app

ADA = {"name": "ada", "password": "lovelace", "email": "ada@example.org"}
BOB = {"name": "bob", "password": "builder", "email": "bob@example.org"}


def names_in(app):
    """Ask an app which of two people it knows."""
    with serve(app) as browser:
        found = [browser.get(f"/?name={name}").json().get("name") for name in ("ada", "bob")]
    return [name for name in found if name]


def test_each_new_app_starts_with_an_empty_database(add_user):
    for _ in range(3):
        app = new_app(step06.create_app)
        assert names_in(app) == []
        add_user(app, **ADA)
        assert names_in(app) == ["ada"]


def test_apps_made_without_new_app_share_a_database(add_user):
    add_user(new_app(step06.create_app), **ADA)
    assert names_in(step06.create_app()) == ["ada"]


def test_apps_of_two_steps_do_not_see_each_others_records(add_user):
    add_user(new_app(step06.create_app), **ADA)
    app = new_app(step00.create_app)
    assert names_in(app) == []
    add_user(app, **BOB)
    assert names_in(app) == ["bob"]
    assert names_in(new_app(step06.create_app)) == []


def test_a_new_app_starts_empty_after_one_that_could_not_be_made(add_user):
    add_user(new_app(step06.create_app), **ADA)

    def create_app():
        app = step06.create_app()
        raise RuntimeError(f"{app.name} is not finished")

    with pytest.raises(RuntimeError, match="is not finished"):
        new_app(create_app)
    app = new_app(step06.create_app)
    assert names_in(app) == []
    assert check(app, step=6)


#: What a learner types into one cell, and runs again after a change.
CELL = """
db = MongoEngine()

class User(db.Document):
    name = db.StringField()
    email = db.StringField()

def create_app():
    app = Flask("learner")
    app.config["MONGODB_SETTINGS"] = {
        "db": "DATABASE",
        "host": "mongodb://localhost",
        "mongo_client_class": mongomock.MongoClient,
    }
    db.init_app(app)

    @app.route("/", methods=["PUT"])
    def create_record():
        User(name="ada").save()
        return jsonify(database=User._get_collection().database.name.rpartition("_")[2])

    @app.route("/", methods=["GET"])
    def count_records():
        return jsonify(count=User.objects.count())

    return app
"""


@pytest.fixture
def run_cell(monkeypatch):
    """Run a cell in one notebook, which remembers what earlier cells defined."""
    notebook = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, notebook.__name__, notebook)  # as Jupyter does
    names = vars(notebook)
    names |= {
        "Flask": Flask,
        "MongoEngine": MongoEngine,
        "jsonify": jsonify,
        "mongomock": mongomock,
    }

    def run(source):
        exec(source, names)
        return notebook.create_app

    return run


def test_a_cell_that_defines_the_document_again_works_each_time(run_cell):
    for _ in range(3):
        with serve(new_app(run_cell(CELL))) as browser:
            assert browser.get("/").json() == {"count": 0}
            browser.put("/")
            assert browser.get("/").json() == {"count": 1}


def test_a_cell_with_other_database_settings_can_be_run_again(run_cell):
    for database in ("first", "second", "first"):
        with serve(new_app(run_cell(CELL.replace("DATABASE", database)))) as browser:
            assert browser.put("/").json() == {"database": database}
            assert browser.get("/").json() == {"count": 1}


def test_an_app_function_alone_can_be_run_again_with_other_database_settings(run_cell):
    definition, function = CELL.split("def create_app")
    run_cell(f"{definition}\ncreate_app = None")  # this cell stays as it is
    for database in ("first", "second"):
        create_app = run_cell("def create_app" + function.replace("DATABASE", database))
        with serve(new_app(create_app)) as browser:
            assert browser.put("/").json() == {"database": database}


def test_a_new_app_takes_the_settings_that_it_is_given():
    settings = new_app(step06.create_app).config["MONGODB_SETTINGS"]
    new_app(lambda: step06.create_app({"MONGODB_SETTINGS": settings | {"db": "another"}}))
    assert step06.User._get_collection().database.name.endswith("another")


def test_an_extension_of_another_module_is_made_to_forget_too(monkeypatch):
    extensions, models = ModuleType("extensions"), ModuleType("models")
    for module in (extensions, models):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    db = vars(extensions)["db"] = vars(models)["db"] = MongoEngine()
    User = type("User", (db.Document,), {"__module__": "models", "name": db.StringField()})

    def create_app(database):
        app = Flask("parted")
        app.config["MONGODB_SETTINGS"] = {
            "db": database,
            "host": "mongodb://localhost",
            "mongo_client_class": mongomock.MongoClient,
        }
        db.init_app(app)
        return app

    for database in ("first", "second"):
        new_app(create_app, database)
        assert User._get_collection().database.name.endswith(database)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (Flask("made"), r"given Flask\. Hand over the function.*new_app\(create_app\)"),
        (None, r"given NoneType\."),
        (ModuleType("my_app"), r"given module\."),
        ("create_app", r"given str\."),
    ],
)
def test_new_app_says_that_it_takes_the_function(given, message):
    with pytest.raises(TypeError, match=message):
        new_app(given)


def test_new_app_names_what_a_function_gave_instead_of_an_app():
    with pytest.raises(NotAFlaskApp, match=r"this is None.*return app"):
        new_app(lambda: None)
    with pytest.raises(NotAFlaskApp, match="this is a tuple"):
        new_app(lambda: (Flask("one"), Flask("two")))


# ---- what is no app


def create_app():
    return make_app()


@pytest.mark.parametrize(
    ("thing", "what", "advice"),
    [
        (None, "this is None", "return app"),
        (create_app, "the function create_app", r"Call it: create_app\(\)"),
        (Flask, "the type Flask", r"Call it: Flask\(\)"),
        (ModuleType("my_app"), "a module", r"what create_app\(\) returns"),
        ("app", "a str", r"what create_app\(\) returns"),
        (browsers, "a module", r"what create_app\(\) returns"),
    ],
)
@pytest.mark.parametrize("use", [require_app, in_process, serve])
def test_something_else_than_an_app_is_named_with_what_to_do(use, thing, what, advice):
    with pytest.raises(NotAFlaskApp, match=f"{what}.*{advice}"):
        use(thing)


def test_an_app_is_an_app_also_if_it_is_of_a_class_of_ones_own():
    class Shop(Flask):
        pass

    shop = Shop("shop")
    assert require_app(shop) is shop
