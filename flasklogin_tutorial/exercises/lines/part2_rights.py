"""The lines that the reader writes in lessons 12 to 12d, about who may do what."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from mongomock import MongoClient
from pymongo.errors import DuplicateKeyError

from flasklogin_tutorial.app.refusals import AnothersRecord, LastAdministrator
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
ALLOWED = ["email", "password"]


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
    "Let the database refuse a second one of a name",
    idea="No look before the write can close the gap. A unique index refuses the write itself.",
    name="make_unique",
    solution="""
def make_unique(people):
    people.create_index("name", unique=True)
""",
    hints=(
        "A collection has a method that makes an index: `create_index`.",
        "Its first argument is the name of the field. An index alone makes looking up fast; one "
        "argument more lets it refuse what is there already.",
        'people.create_index("name", unique=True)',
    ),
)
def _make_unique(ask: Ask, names: Names) -> None:
    people: Any = MongoClient()["flasklogin_lines"][f"people_{uuid.uuid4().hex}"]
    try:
        ask(people, expected="the collection has a unique index afterwards")
        made = {name: one for name, one in people.index_information().items() if name != "_id_"}
        fields = [field for one in made.values() for field, _ in one["key"]]
        hint = "An index alone refuses nothing. Which argument makes it unique?"
        if not made:
            hint = "No index was made. Which method of a collection makes one?"
        elif fields != ["name"]:
            hint = f"The index is on {', '.join(map(repr, fields))}. It has to be on 'name' alone."
        _must_be_taken(people, {"name": "joan", "email": "j@example.org"}, hint)
        called = "make_unique(people), and then people.insert_one({'name': 'joan'}) twice"
        try:
            people.insert_one({"name": "joan", "email": "other@example.org"})
        except DuplicateKeyError:
            _must_be_taken(people, {"name": "alan", "email": "j@example.org"}, hint)
        else:
            raise Mismatch(called, "the database took both", "DuplicateKeyError", hint)
    finally:
        people.drop()


def _must_be_taken(people: Any, document: dict[str, str], hint: str) -> None:
    """Raise `Mismatch` unless a collection takes a document whose name is free."""
    try:
        people.insert_one(document)
    except DuplicateKeyError as error:
        called = f"make_unique(people), and then people.insert_one({document})"
        raise Mismatch(called, describe_error(error), "it is stored: the name is free", hint) from (
            error
        )


@line(
    "12d",
    "Count after the write, and take it back",
    idea="A look before the write can be too old. A count after it cannot.",
    name="settle",
    solution="""
from flasklogin_tutorial.app.refusals import LastAdministrator


def settle(user, left, undo):
    if user.is_admin and left == 0:
        undo()
        raise LastAdministrator
""",
    hints=(
        "Two things have to be so: the user was an administrator, and none is left.",
        "`left == 0` says that none is left. `undo` is a function: call it before you raise "
        "`LastAdministrator`.",
        "if user.is_admin and left == 0:\n    undo()\n    raise LastAdministrator",
    ),
)
def _settle(ask: Ask, names: Names) -> None:
    for is_admin, left, takes_back, said, hint in (
        (True, 0, True, "the last administrator has gone", "Nobody could manage the others now."),
        (True, 1, False, "one of two administrators has gone", "One is left: `left` is 1."),
        (True, 2, False, "one of three administrators has gone", "Two are left: `left` is 2."),
        (False, 1, False, "a user has gone who was no administrator", "`root` is still there."),
        (
            False,
            0,
            False,
            "a user has gone where no administrator was",
            "The one who has gone was none, so this write took none away: ask `user.is_admin`.",
        ),
    ):
        called = f"settle(user, {left}, undo), where {said}"
        expected = "undo is called, and LastAdministrator raised" if takes_back else "nothing"
        done: list[str] = []
        try:
            ask.answer(SimpleNamespace(is_admin=is_admin), left, _noting(done, "undo is called"))
        except LastAdministrator:
            done.append("LastAdministrator raised")
        except Exception as error:
            ask.errors.append(error)
            raise Mismatch(called, describe_error(error), expected) from error
        came_back = ", and ".join(done) or "nothing"
        if takes_back and done and came_back != expected:
            hint = "Both have to happen, once: call `undo()`, and then raise the refusal."
        ask.must(came_back == expected, called, came_back, expected, hint)


def _noting(done: list[str], what: str) -> Callable[[], None]:
    return lambda: done.append(what)


@line(
    "12e",
    "Let a limit end by itself",
    idea="Count what is young. What is old no longer counts, so nobody is locked out for good.",
    name="may_try",
    solution="""
LIMIT, WINDOW = 10, 15 * 60


def may_try(tries, now):
    return len([moment for moment in tries if now - moment < WINDOW]) < LIMIT
""",
    hints=(
        "How old is an attempt? Take its moment from `now`. Which attempts still count?",
        "A list with a condition: `[moment for moment in tries if …]`. Its length has to be less "
        "than `LIMIT`.",
        "return len([moment for moment in tries if now - moment < WINDOW]) < LIMIT",
    ),
)
def _may_try(ask: Ask, names: Names) -> None:
    for tries, now, allowed, said, hint in (
        ([], 0, True, "nobody has tried", "No attempt counts yet."),
        (list(range(9)), 9, True, "nine attempts, the tenth is asked for", "Ten are allowed."),
        (list(range(10)), 10, False, "ten attempts, the eleventh is asked for", "Ten are allowed."),
        (list(range(12)), 12, False, "twelve attempts", "Ten are allowed, and no more."),
        (
            list(range(10)),
            900,
            True,
            "ten attempts, the first a quarter of an hour ago",
            "The first is as old as `WINDOW` now, so it no longer counts.",
        ),
        (list(range(10)), 899, False, "ten attempts, all younger", "All ten are younger."),
        ([0] * 30, 5000, True, "thirty attempts, long ago", "What is old no longer counts."),
        ([0] * 30 + [4990] * 10, 5000, False, "ten of the last minute", "Ten are young."),
    ):
        expected = "True" if allowed else "False"
        found = ask(list(tries), now, expected=expected)
        if found is None:
            hint = "Nothing came back. Is `return` there?"
        ask.must(
            found is not None and bool(found) is allowed,
            f"may_try(tries, {now}): {said}",
            f"{found!r:.60}",
            expected,
            hint,
        )


@line(
    "12f",
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
