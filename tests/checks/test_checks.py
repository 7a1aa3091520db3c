"""The checks: each fails before its step, passes from then on, and explains itself."""

import functools
import html
import re
from html.parser import HTMLParser
from importlib import import_module

import click
import pytest
from flask import Flask, jsonify, request
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)

from flasklogin_tutorial.checks import CHECKS, LAST_STEP, Check, Result, Row, check
from flasklogin_tutorial.lab import new_app
from flasklogin_tutorial.visit import Mismatch, in_process

STEPS = [
    "step00_records_api",
    "step01_bind_login_manager",
    "step02_login_view",
    "step03_user_model",
    "step04_user_loader",
    "step05_protect_routes",
    "step06_logout_and_user_info",
]
LABELS = ["called", "came back", "expected", "hint"]

each_check = pytest.mark.parametrize("one", CHECKS, ids=lambda one: f"{one.step}, {one.name}")
each_step = pytest.mark.parametrize("step", range(LAST_STEP + 1))


def module_of(step):
    return import_module(f"flasklogin_tutorial.steps.{STEPS[step]}")


def fresh(step):
    """Return the app of a step on an empty database."""
    return new_app(module_of(step).create_app)


@functools.cache
def rows_of(step):
    """Return what every check says about the app of a step, by name; -1 is an app with nothing."""
    app = Flask("empty") if step < 0 else fresh(step)
    return {row.check.name: row for row in check(app, step=LAST_STEP).rows}


def add_records(step, *names):
    """Put records into the database of a step without a request."""
    for name in names:
        module_of(step).User(name=name, password="lovelace", email=f"{name}@example.org").save()


def stored(step):
    return sorted(module_of(step).User._get_collection().find(), key=lambda record: record["_id"])


class Page(HTMLParser):
    """The tags of an HTML text, and what a reader sees of it."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)

    def handle_data(self, data):
        self.text += data


# ---- each check


def test_every_step_has_checks_and_no_two_have_one_name():
    assert {one.step for one in CHECKS} == set(range(len(STEPS)))
    assert len({one.name for one in CHECKS}) == len(CHECKS)


@each_check
def test_a_check_fails_on_the_step_before_its_own(one):
    assert rows_of(one.step - 1)[one.name].mismatch is not None


@each_check
def test_a_check_passes_on_its_step_and_on_every_later_one(one):
    for step in range(one.step, LAST_STEP + 1):
        assert rows_of(step)[one.name].mismatch is None, f"on step {step}"


@each_check
def test_a_failure_says_what_was_called_what_came_back_what_was_expected_and_a_hint(one):
    row = rows_of(one.step - 1)[one.name]
    assert [label for label, _ in row.details] == LABELS
    assert all(text.strip() for _, text in row.details)

    result = Result(one.step, [row])
    seen = Page(result._repr_html_()).text
    for shown in (repr(result), seen):
        assert "✗" in shown
        for words in [one.name, *LABELS, *(text for _, text in row.details)]:
            assert words in shown


@each_check
def test_a_check_that_passed_has_nothing_to_explain(one):
    row = rows_of(LAST_STEP)[one.name]
    assert row.details == []
    assert f"✓ {one.name}" in repr(Result(one.step, [row]))


# ---- the result


@each_step
def test_the_result_is_true_for_the_step_and_false_for_the_next(step):
    assert check(fresh(step), step=step)
    if step < LAST_STEP:
        assert not check(fresh(step), step=step + 1)


@each_step
def test_all_checks_up_to_the_step_are_asked_and_none_of_a_later_one(step):
    asked = [row.check for row in check(fresh(step), step=step).rows]
    assert asked == [one for one in CHECKS if one.step <= step]


def test_a_result_without_rows_is_not_true():
    assert not Result(0)


@pytest.mark.parametrize("step", [-1, 7, 1.5, True, None, "4"])
def test_a_step_that_there_is_not_is_a_value_error_that_names_those_there_are(step):
    with pytest.raises(ValueError, match=re.escape(f"There is no step {step!r}")) as caught:
        check(fresh(0), step=step)
    assert "from 0 to 6" in str(caught.value)


def test_only_the_failures_of_the_earliest_step_are_shown_and_the_rest_are_counted():
    result = check(fresh(1), step=6)
    first = [one.name for one in CHECKS if one.step == 2]
    assert [row.check.name for row in result.shown] == first
    later = sum(one.step > 2 for one in CHECKS)
    for shown in (repr(result), Page(result._repr_html_()).text):
        assert f"{len(first) + later} of {len(CHECKS)} checks failed" in shown
        assert f"{later} more failed" in shown
        for one in CHECKS:
            assert (one.name in shown) == (one.name in first)


def test_nothing_is_counted_when_all_failures_are_shown():
    assert "more failed" not in repr(check(fresh(1), step=2))


@pytest.mark.parametrize("step", [0, 1, 4])
def test_a_passed_step_shows_its_own_checks_and_counts_those_of_the_steps_before(step):
    result = check(fresh(step), step=step)
    own = [one.name for one in CHECKS if one.step == step]
    earlier = sum(one.step < step for one in CHECKS)
    for shown in (repr(result), Page(result._repr_html_()).text):
        assert f"{len(own)} check{'s' if len(own) > 1 else ''} passed" in shown
        assert (f"and {earlier} of the steps before it" in shown) == (step > 0)
        for one in CHECKS:
            assert (one.name in shown) == (one.name in own)


def test_what_an_app_answers_cannot_become_html():
    app = Flask("hostile")
    answer = "<script>alert('1')</script> & <b>bold</b>"

    @app.route("/", methods=["GET", "PUT"])
    def say():
        return answer, {"Content-Type": "text/plain"}

    result = check(app, step=0)
    assert answer in repr(result)
    page = Page(result._repr_html_())
    assert answer in page.text
    assert page.tags == {"table", "caption", "tr", "td", "code"}


def test_what_a_check_itself_says_cannot_become_html():
    hostile = "<script>1</script> & <b>"
    one = Check(0, f"name {hostile}", f"hint {hostile}", lambda world: None)
    row = Row(one, Mismatch(f"called {hostile}", f"back {hostile}", f"expected {hostile}"))
    shown = Result(0, [row])._repr_html_()
    assert "<script" not in shown
    assert "<b>" not in shown
    assert Page(shown).text.count(hostile) == 5
    assert html.unescape(shown).count(hostile) == 5


# ---- what a check leaves behind


@each_step
def test_the_learners_records_are_as_before(step):
    app = fresh(step)
    # The second name is one that the checks would choose, and twice there, as the app allows it.
    add_records(step, "ada", "check-user-1", "check-user-1", "guest", "check-user-3")
    before = stored(step)
    assert len(before) == 5
    assert check(app, step=step)
    assert stored(step) == before


@pytest.mark.parametrize("step", range(LAST_STEP))
def test_nothing_is_left_behind_when_checks_fail(step):
    app = fresh(step)
    add_records(step, "ada")
    before = stored(step)
    assert not check(app, step=LAST_STEP)
    assert stored(step) == before


@each_step
def test_a_check_can_be_repeated_and_says_the_same(step):
    app = fresh(step)
    assert repr(check(app, step=LAST_STEP)) == repr(check(app, step=LAST_STEP))


@each_step
def test_an_app_that_has_answered_requests_can_be_checked(step):
    app = fresh(step)
    browser = in_process(app)
    assert browser.get("/?name=ada").status_code == 200
    assert check(app, step=step)
    assert browser.get("/?name=ada").status_code == 200


@each_step
def test_an_app_whose_context_somebody_holds_open_can_be_checked(step):
    app = fresh(step)
    with app.app_context():
        assert check(app, step=step)


@each_step
def test_the_page_of_the_checks_is_not_in_the_app(step):
    app = fresh(step)
    rules = [str(rule) for rule in app.url_map.iter_rules()]
    check(app, step=step)
    assert [str(rule) for rule in app.url_map.iter_rules()] == rules
    assert in_process(app).get("/_checks/probe?current_user").status_code == 404


# ---- apps that are not as expected


@pytest.mark.parametrize(
    ("thing", "said"),
    [(None, "return app"), (module_of(0).create_app, "create_app()"), ("app", "create_app()")],
    ids=["None", "the function", "a text"],
)
def test_what_is_no_app_fails_with_advice(thing, said):
    result = check(thing, step=0)
    assert not result
    assert said in repr(result)


def test_an_exception_in_a_view_is_named():
    app = fresh(0)

    def fail():
        raise ZeroDivisionError("the view divides")

    app.view_functions["delete_record"] = fail
    result = check(app, step=0)
    assert [row.check.name for row in result.failed] == ["DELETE removes the record"]
    assert "500 Internal Server Error: ZeroDivisionError: the view divides" in repr(result)


def test_a_failing_login_is_blamed_by_the_checks_that_need_one():
    app = fresh(4)
    app.view_functions["login"] = lambda: {"status": 401, "reason": "Username or Password Error"}
    hints = {row.check.step: dict(row.details)["hint"] for row in check(app, step=4).failed}
    assert "the login itself fails" in hints[4]


# ---- over HTTP only


def app_without_a_database():
    """Make an app that does what step 6 does, with a dict in place of MongoDB.

    It also refuses with 401 where step 6 redirects, which the checks have to accept.
    """
    app = Flask("elsewhere")
    app.secret_key = "a key of its own"
    people = {}
    login_manager = LoginManager(app)
    login_manager.login_view = "enter"

    class Person(UserMixin):
        def __init__(self, name, email, password):
            self.id = self.name = name
            self.email, self.password = email, password

        def shown(self):
            return {"name": self.name, "email": self.email}

    @login_manager.user_loader
    def load(key):
        return people.get(key)

    @app.cli.command("add-user")
    @click.argument("name")
    @click.argument("email")
    @click.password_option()
    def add(name, email, password):
        people[name] = Person(name, email, password)

    @app.get("/")
    def read():
        person = people.get(request.args.get("name"))
        return person.shown() if person else {"error": "data not found"}

    @app.route("/", methods=["PUT", "POST", "DELETE"])
    def write():
        if not current_user.is_authenticated:
            return jsonify(error="login required"), 401
        return change(request.get_json())

    def change(sent):
        if request.method == "PUT":
            people[sent["name"]] = Person(**sent)
            return people[sent["name"]].shown()
        if sent["name"] not in people:
            return {"error": "data not found"}
        if request.method == "DELETE":
            return people.pop(sent["name"]).shown()
        people[sent["name"]].email = sent["email"]
        return people[sent["name"]].shown()

    @app.post("/login")
    def enter():
        sent = request.get_json()
        person = people.get(sent["username"])
        if person is None or person.password != sent["password"]:
            return jsonify(status=401, reason="Username or Password Error"), 401
        login_user(person)
        return person.shown()

    @app.post("/logout")
    @login_required
    def leave():
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    @app.post("/user_info")
    def who():
        if current_user.is_authenticated:
            return {"result": 200, "data": current_user.shown()}
        return {"result": 401, "data": {"message": "user no login"}}

    return app, people


def test_an_app_with_another_storage_passes_every_check():
    app, people = app_without_a_database()
    result = check(app, step=LAST_STEP)
    assert result, repr(result)
    assert people == {}
