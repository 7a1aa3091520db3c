"""A trace shows what was sent and what happened, and never a template."""

import re

import pytest
from flask import jsonify, session

from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.steps.step06_logout_and_user_info import User
from flasklogin_tutorial.visit import in_process

from .traced import ADA, BOB, LET_THROUGH, difference, forge, inside, log_in, told

# ---- what the browser sends and gets


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ({"json": {"name": "ä"}}, '{"name": "ä"}'),
        ({"data": {"name": "ada"}}, "name=ada"),
        ({"data": "two\nlines   and gaps"}, "two lines and gaps"),
        ({"data": b"\xff\xfe"}, "\ufffd\ufffd"),
        ({"data": "x" * 200}, "x" * 72 + "…"),
        ({"headers": {"Cookie": "theme=dark"}}, "cookie theme: 'dark'"),
        ({"headers": {"Cookie": "session=garbage"}}, "cookie session: 'garbage'"),
        ({"headers": {"Cookie": "theme=d\xe9j\xe0"}}, "cookie theme: 'd\xe9j\xe0'"),
        ({}, "no cookie"),
    ],
)
def test_bodies_and_cookies_are_shown_on_one_line(club, sent, line):
    seen = trace(in_process(club)).post("/nowhere", **sent)
    assert seen.events[1].text == line


def test_cookies_that_an_answer_sets_and_deletes_are_named(club):
    @club.get("/cookies")
    def cookies():
        session["theme"] = {"colour": "dark"}
        answer = jsonify("done")
        answer.set_cookie("plain", "value")
        answer.delete_cookie("old")
        return answer

    texts = [event.text for event in trace(in_process(club)).get("/cookies").events]
    assert texts[-4:] == [
        '"done"',
        "sets cookie plain: 'value'",
        "deletes old",
        "sets cookie session: theme={colour: 'dark'}",
    ]


def test_a_query_is_shown_as_a_person_would_write_it(club):
    seen = trace(in_process(club)).get("/nowhere", params={"next": "/café?a=1"})
    assert seen.events[0].text == "GET /nowhere?next=/café?a=1"


# ---- it shows what happened, never a template


def test_another_user_changes_the_name_and_the_id_and_nothing_else(app, add_user):
    add_user(app, **BOB)
    ada, bob = in_process(app), in_process(app)
    for browser, record in ((ada, ADA), (bob, BOB)):
        log_in(browser, record)
    of_ada, of_bob = ([e.text for e in trace(b).post("/user_info").events] for b in (ada, bob))
    ids = {name: str(User.objects.get(name=name).id)[-4:] for name in ("ada", "bob")}
    changed = [(a, b) for a, b in zip(of_ada, of_bob, strict=True) if a != b]
    assert [a.replace(ids["ada"], ids["bob"]).replace("ada", "bob") for a, _ in changed] == [
        b for _, b in changed
    ]
    assert [a for a, _ in changed] == [
        text for text in of_ada if ids["ada"] in text or re.search(r"\bada\b", text)
    ]
    assert len(changed) == 7


def test_another_id_in_the_cookie_changes_the_id_what_is_found_and_who_it_is(app):
    known = str(User.objects.get(name="ada").id)
    unknown = "0" * 20 + "beef"
    browser = in_process(app)
    seen = []
    for user_id in (known, unknown):
        exchange = trace(browser).post("/user_info", headers=forge(app, _user_id=user_id))
        seen.append([event.text.replace(known[-4:], "ada's") for event in exchange.events])
    assert difference(*seen) == (
        [
            "cookie session: _user_id='…ada's'",
            "session: _user_id='…ada's'",
            "load_user('…ada's')",
            "user.find {_id: …ada's}",
            "1 document",
            "gives ada",
            "current_user is ada",
            '{"data": {"email": "ada@example.org", "name": "ada"}, "result": 200}',
            "sets cookie session: _fresh=False, _user_id='…ada's'",
        ],
        [
            "cookie session: _user_id='…beef'",
            "session: _user_id='…beef'",
            "load_user('…beef')",
            "user.find {_id: …beef}",
            "0 documents",
            "gives None",
            "current_user is anonymous",
            '{"data": {"message": "user no login"}, "result": 401}',
            "sets cookie session: _fresh=False, _user_id='…beef'",
        ],
    )


def test_another_filter_changes_the_operation_and_its_result(app):
    browser = in_process(app)
    seen = [told(trace(browser).get(f"/?name={name}").events) for name in ("ada", "eve")]
    assert difference(*seen) == (
        [
            "browser → Flask: GET /?name=ada",
            "Flask → MongoDB: user.find {name: 'ada'}",
            "MongoDB → Flask: 1 document",
            'browser: {"email": "ada@example.org", "name": "ada"}',
        ],
        [
            "browser → Flask: GET /?name=eve",
            "Flask → MongoDB: user.find {name: 'eve'}",
            "MongoDB → Flask: 0 documents",
            'browser: {"error": "data not found"}',
        ],
    )


def test_a_view_without_its_guard_loses_exactly_the_lines_of_the_guard(changed_step, add_user):
    seen = []
    for guard in ("    @login_required\n", ""):
        route = '    @app.route("/", methods=["PUT"])\n'
        app = changed_step("step06", (f"{route}    @login_required\n", route + guard))()
        add_user(app, **ADA)
        ada = in_process(app)
        log_in(ada)
        seen.append(told(trace(ada).put("/", json=BOB).events))
    assert difference(*seen) == (LET_THROUGH, [])


def test_a_loader_that_gives_none_changes_what_is_found_and_lets_nobody_through(
    changed_step, add_user
):
    seen = []
    found = "return User.objects(id=user_id).first()"
    for gives in (found, "return None"):
        app = changed_step("step06", (found, gives))()
        add_user(app, **ADA)
        ada = in_process(app)
        log_in(ada)
        seen.append(inside(trace(ada).post("/user_info").events))
    assert difference(*seen) == (
        [
            "Flask-Login → MongoDB: user.find {_id: …id}",
            "MongoDB → Flask-Login: 1 document",
            "Flask-Login: gives ada",
            "Flask-Login → Flask: current_user is ada",
        ],
        [
            "Flask-Login: gives None",
            "Flask-Login → Flask: current_user is anonymous",
        ],
    )
