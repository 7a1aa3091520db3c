"""Exercises to notebook 00: an app that lets anyone in."""

import json

from flask import Flask, jsonify, request

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.lab.tracing import trace
from flasklogin_tutorial.steps import step00_records_api as step00
from flasklogin_tutorial.steps.step00_records_api import User
from flasklogin_tutorial.visit import Browser


def _put(ask: Ask, browser: Browser, *names: str) -> None:
    """Put a record under each name."""
    for name in names:
        record = {"name": name, "email": f"{name}@example.org", "password": f"pass of {name}"}
        put = ask.send(browser, "PUT", "/", json=record)
        put.must(
            put.data.get("name") == name,
            f"the record of {name}, as in the app of the notebook",
            "The exercise is about DELETE alone. The other verbs stay as they are.",
        )


def _must_have(ask: Ask, browser: Browser, name: str, hint: str) -> None:
    """Raise `Mismatch` unless there is a record under a name."""
    found = ask.send(browser, "GET", f"/?name={name}", who="afterwards")
    found.must(found.data.get("name") == name, f"the record of {name}, still there", hint)


@exercise(
    "0.1",
    "follow",
    "Let nobody delete",
    idea="A refusal changes nothing, and says so in the status.",
    answer="refuse_deletes",
    hints=(
        "At the end of the notebook, one line puts another function in place of the view "
        "`delete_record`. Do the same here.",
        "`app.view_functions` is a dictionary: the name of a view, and the function that Flask "
        "calls for it. Which key is it here, and what does a function that refuses return?",
        "A view that returns a pair gives the body and the status: `return {…}, 403`.",
        'def refuse():\n    return {"error": "not allowed"}, 403\n\n'
        'app.view_functions["delete_record"] = refuse',
    ),
    not_checked="what the body of the refusal says",
)
def _refuse_deletes(ask: Ask) -> None:
    app = ask.fresh(step00.create_app)
    ask(app, expected="DELETE is refused from now on")
    mallory = ask.visitor(app)
    _put(ask, mallory, "ada", "grace")
    for name in ("ada", "grace"):
        refused = ask.send(mallory, "DELETE", "/", json={"name": name})
        _must_have(
            ask,
            mallory,
            name,
            f"DELETE answered {refused.response.status_code}, and the record is gone. "
            "A refusal must not call delete().",
        )
        refused.must(
            refused.response.status_code == 403,
            "403 Forbidden",
            "A view is a function; what it returns is the answer."
            if refused.crashed
            else "Programs look at the status. Return the body and the number: return {…}, 403",
        )
    changed = {"name": "ada", "email": "new@example.org", "password": "new"}
    ask.send(mallory, "POST", "/", json=changed)
    found = ask.send(mallory, "GET", "/?name=ada", who="after a POST with a new e-mail address")
    found.must_show(name="ada", email="new@example.org")


@exercise(
    "0.2",
    "apply",
    "Tell from a trace which requests need protection",
    idea="What changes data needs protection first, and a trace shows what changes data.",
    answer="changes_data",
    hints=(
        "Run the cell above with other requests. What stands behind `user.` when a record is read, "
        "and what when it is changed?",
        "Each text begins with the operation, and `user.find` is the one that only reads. A text "
        'can be asked how it begins: `text.startswith("user.find")`.',
        "One operation that is no `user.find` is enough. `any(… for text in operations)` is True "
        "if one of them is.",
        'return any(not text.startswith("user.find") for text in operations)',
    ),
    not_checked="requests that only read; what they show can need protection too",
)
def _changes_data(ask: Ask) -> None:
    app = ask.fresh(step00.create_app)
    mallory = ask.visitor(app)
    named = "delete_many"  # nothing forbids this name
    record = {"name": "ada", "email": "ada@example.org", "password": "lovelace"}
    _put(ask, mallory, "grace", named)
    for method, path, body, expected, hint in (
        ("PUT", "/", record, True, "A new record is a change too."),
        ("GET", "/?name=ada", None, False, "Looking for a record changes none."),
        ("POST", "/", record | {"email": "new@example.org"}, True, "An update is a change."),
        ("DELETE", "/", {"name": "grace"}, True, "The record is found, and then deleted."),
        ("DELETE", "/", {"name": "nobody"}, False, "It found no record, so it deleted none."),
        ("GET", "/nowhere", None, False, "The database was not asked at all."),
        ("GET", f"/?name={named}", None, False, "What stands in braces is data, no operation."),
        ("PUT", "/", record | {"name": "user.find"}, True, "Its name is 'user.find'."),
    ):
        seen = trace(mallory).request(method, path, json=body)
        ask.returns(expected, seen.operations, hint=f"This was {method} {path}. {hint}")


@exercise(
    "0.3",
    "apply",
    "Find the mistake: refused, and gone all the same",
    idea="Ask first, and change data after that; a status takes nothing back.",
    answer="delete_if_allowed",
    begins_with="delete_record",
    hints=(
        "Read the lane of MongoDB in the trace from top to bottom. What is the last thing in it, "
        "although the answer is 403?",
        "A view runs line by line. Which line changes the database, and which one asks?",
        "The order of the view is: find the record, compare the password, change the database, "
        "answer. Only the last but one may delete.",
        "Move the line `user.delete()` below the one that returns 403.",
    ),
    not_checked="bodies without a name, and that the app keeps passwords as plain text",
)
def _delete_if_allowed(ask: Ask) -> None:
    app = ask.fresh(step00.create_app)
    app.view_functions["delete_record"] = ask.answer
    mallory = ask.visitor(app)
    _put(ask, mallory, "ada", "grace")
    for wrong in ({}, {"password": "a guess"}, {"password": "pass of grace"}):
        refused = ask.send(mallory, "DELETE", "/", json={"name": "ada", **wrong})
        _must_have(
            ask,
            mallory,
            "ada",
            f"The answer to {json.dumps(wrong)} was {refused.response.status_code}. The view "
            "deletes before it asks, or does not ask.",
        )
        refused.must(
            refused.response.status_code == 403,
            "403 Forbidden",
            "A crash refuses too, and tells nobody why. Is each key there that the view reads?"
            if refused.crashed
            else "Somebody without Ada's password is refused, and the status says so.",
        )
    nobody = ask.send(mallory, "DELETE", "/", json={"name": "nobody", "password": "a guess"})
    nobody.must(
        nobody.data.get("error") == "data not found",
        'a JSON object with {"error": "data not found"}',
        "The view of the notebook says so where there is no such record. Keep that.",
    )
    for name in ("ada", "grace"):
        own = {"name": name, "password": f"pass of {name}"}
        done = ask.send(mallory, "DELETE", "/", json=own)
        shown = {"email": f"{name}@example.org", "name": name}
        done.must(
            done.data == shown,
            json.dumps(shown),
            f"This is the password of {name}. Answer with user.public(), as before.",
        )
        gone = ask.send(mallory, "GET", f"/?name={name}", who="afterwards")
        gone.must(
            "error" in gone.data,
            "no such record any more",
            f"{name} sent the right password, so the record is to be deleted.",
        )


def delete_record():
    """Delete a record if its password was sent along. Something in it is wrong."""
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    user.delete()
    if user.password != record.get("password"):
        return jsonify(error="wrong password"), 403
    return jsonify(user.public())


def broken_app() -> Flask:
    """Make the app of exercise 0.3, with the view above in it."""
    app = step00.create_app()
    app.view_functions["delete_record"] = delete_record
    return app
