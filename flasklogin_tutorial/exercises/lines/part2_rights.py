"""The lines that the reader writes in lesson 12, about who may do what."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from flasklogin_tutorial.app.refusals import AnothersRecord
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.line import line
from flasklogin_tutorial.steps.variants import Account
from flasklogin_tutorial.visit import Mismatch, describe_error

Names = Mapping[str, Any]


@line(
    "12a",
    "Let the owner and administrators through",
    idea="Who may do it depends on the record, so the question needs both: who asks, and whose it "
    "is.",
    name="require_owner_or_admin",
    solution="""
def require_owner_or_admin(by: User | Operator, user: User) -> None:
    if not by.is_admin and by.id != user.id:
        raise AnothersRecord
""",
    hints=(
        "Refuse whoever is neither an administrator nor the owner. What makes `by` the owner of "
        "`user`?",
        "Both have an `id`, and it is the same for one user alone. `by.is_admin` is the role. Two "
        "conditions, joined by `and`.",
        "if not by.is_admin and by.id != user.id:",
    ),
)
def _require_owner_or_admin(ask: Ask, names: Names) -> None:
    grace = SimpleNamespace(id=7, name="grace", is_admin=False)
    again = SimpleNamespace(id=7, name="grace", is_admin=False)  # as another request loads her
    ada = SimpleNamespace(id=8, name="ada", is_admin=False)
    namesake = SimpleNamespace(id=9, name="grace", is_admin=False)
    root = SimpleNamespace(id=1, name="root", is_admin=True)
    for who, by, user, wanted, hint in (
        (
            "Grace, for her own record",
            again,
            grace,
            True,
            "The owner is refused. The view and the loader read her record at two times: compare "
            "the ids, and not the objects.",
        ),
        ("Ada, for Grace's record", ada, grace, False, "Ada is neither owner nor administrator."),
        ("root, for Grace's record", root, grace, True, "An administrator may, whose it is."),
        ("root, for root's own record", root, root, True, "An administrator may, whose it is."),
        ("a second Grace, for the first one's", namesake, grace, False, "A name is no id."),
    ):
        called, expected = f"by is {who}", "it returns" if wanted else "it raises AnothersRecord"
        try:
            ask.answer(by, user)
            came_back, passed = "it returns", True
        except AnothersRecord:
            came_back, passed = "it raises AnothersRecord", False
        except Exception as error:
            ask.errors.append(error)
            raise Mismatch(called, describe_error(error), expected) from error
        ask.must(passed is wanted, called, came_back, expected, hint)


@line(
    "12b",
    "Take over what is on a list, and nothing else",
    idea="The app says which fields a request may write. The request does not.",
    name="changes_of",
    solution="""
def changes_of(record):
    return {field: record[field] for field in ALLOWED if field in record}
""",
    hints=(
        "Go through the list, and not through the record. What is on the list, and in the record "
        "too?",
        "A dictionary from a loop: `{key: value for key in … if …}`. The keys are the fields of "
        "`ALLOWED`, the values are in `record`.",
        "return {field: record[field] for field in ALLOWED if field in record}",
    ),
)
def _changes_of(ask: Ask, names: Names) -> None:
    both = {"email": "joan@example.org", "password": "clarke"}
    for record, wanted, hint in (
        ({"name": "joan", **both}, both, "Both fields of `ALLOWED` are in this record."),
        (
            {"name": "joan", **both, "is_admin": True, "id": "0" * 24},
            both,
            "Both fields of `ALLOWED` are in this record.",
        ),
        (
            {"name": "joan", "email": "joan@example.org"},
            {"email": "joan@example.org"},
            "A record may lack a field. What is not in it is not changed.",
        ),
        ({"name": "joan"}, {}, "Nothing is changed here: no field of `ALLOWED` is in the record."),
    ):
        given = dict(record)
        try:
            found = ask.answer(given)
        except KeyError as error:
            raise Mismatch(
                f"changes_of({record})", describe_error(error), f"{wanted}", _LACKS
            ) from error
        except Exception:
            found = ask(given, expected=f"{wanted}")
        if found is None:
            hint = "Nothing came back. Is `return` there?"
        elif isinstance(found, dict) and not found.keys() <= both.keys():
            hint = "What is not in `ALLOWED` came through. Go through the list, and not the record."
        ask.must(found == wanted, f"changes_of({record})", f"{found!r:.80}", f"{wanted}", hint)


_LACKS = "A record may lack a field: ask with `if field in record` before you read it."


@line(
    "12c",
    "Ask at every request whether the account is open",
    idea="Every request goes through the loader. Whom it does not load is nobody.",
    name="load_if_open",
    solution="""
def load_if_open(user_id):
    user = Account.objects(id=user_id).first()
    return user if user is not None and user.is_active else None
""",
    hints=(
        "The loader has found a record, or None. Which member says whether the account is open?",
        "`user.is_active` does, and None has no such member: ask for `user is not None` first.",
        "return user if user is not None and user.is_active else None",
    ),
)
def _load_if_open(ask: Ask, names: Names) -> None:
    mark = uuid.uuid4().hex[:8]
    for active, hint in (
        (True, "The account is open, so this is a user."),
        (False, "The account is closed, and the loader gives the user. Ask `user.is_active`."),
    ):
        user = Account(name=f"joan-{mark}", active=active).save()
        try:
            found = ask(str(user.id), expected="the user" if active else "None")
            ask.must(
                (found == user) if active else found is None,
                f"load_if_open(the id of {'an open' if active else 'a closed'} account)",
                "None" if found is None else f"{type(found).__name__}",
                "the user" if active else "None",
                hint,
            )
        finally:
            with suppress(Exception):
                user.delete()
    expected = "None: this user is deleted"
    found = ask(str(user.id), expected=expected)
    ask.must(found is None, "load_if_open(the id of a deleted user)", f"{found!r:.60}", expected)
