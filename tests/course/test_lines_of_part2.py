"""What a reader gets who writes something into a place of part 2, right or wrong."""

import json

import flask
import pytest
from bson import ObjectId

from flasklogin_tutorial.exercises.lines import all_lines, find_line
from flasklogin_tutorial.exercises.lines.line import defined
from flasklogin_tutorial.exercises.lines.yours import judge_line

from .line_rules import instead, must_be_right, must_be_told, no_small_change_may_be_right

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

PLACES = [one for one in all_lines() if 8 <= int(one.number[:-1]) <= 12]


WRONG = [
    ("8a", instead("8a", ("username = fields.String", "username = fields.Raw")), "An object came"),
    ("8a", instead("8a", ("password = fields.String", "password = fields.Raw")), "An object came"),
    ("8a", instead("8a", ("password = fields.String(required=True)", "password = fields.String()")),
     "password is missing"),
    ("8a", instead("8a", ("username = fields.String(required=True)", "username = fields.Str()")),
     "username is missing"),
    ("8a", instead("8a", ("username = fields.String", "username = fields.Integer")),
     "Both fields take a string"),
    ("8b", instead("8b", ("(name=name)", "(name=name, password=password)")), "A query cannot"),
    ("8b", instead("8b", ("check_password_hash(user.password, password)",
                          "user.password == password")), "the hash itself"),
    ("8b", instead("8b", ("user.password, password", "password, user.password")), "kept first"),
    ("8b", instead("8b", ("check_password_hash(user.password, password)",
                          "generate_password_hash(password) == user.password")), "hashes of it"),
    ("8b", instead("8b", (" and check_password_hash(user.password, password)", "")),
     "Who compares the password"),
    ("8b", instead("8b", ("(name=name)", "()")), "the query ask for the name"),
    ("8b", instead("8b", ("user is not None and ", "")), "NoneType"),
    ("8c", instead("8c", ("NOBODYS if user is None else user.password",
                          '"" if user is None else user.password')), "that is `NOBODYS`"),
    ("8c", instead("8c", ("NOBODYS if user is None else user.password",
                          "generate_password_hash(password)")), "hashed anew"),
    ("8c", instead("8c", ("NOBODYS if user is None else user.password", "user.password")),
     "NoneType"),
    ("8c", instead("8c", ("NOBODYS if user is None else user.password", "NOBODYS")),
     "`user.password`"),
    ("8c", instead("8c", ("NOBODYS if user is None",
                          "generate_password_hash('x') if user is None")), "hashed anew"),
    ("9a", instead("9a", ("status=error.code", "status=500")), "its own code"),
    ("9a", instead("9a", ("error=error.name", "error=str(error)")), "more than the name"),
    ("9a", instead("9a", ("error=error.name", "error=error.description")), "more than the name"),
    ("9a", instead("9a", (".data\n", "\n")), "500"),
    ("9a", instead("9a", ("error.get_response()", "jsonify()")), "404"),
    ("9b", instead("9b", ("request.get_json()", "json.loads(request.data)")), "JSONDecodeError"),
    ("9b", instead("9b", ("request.get_json()", "request.get_json(force=True)")),
     "not say that it is JSON"),
    ("9b", instead("9b", ("request.get_json()", "request.json()")), "TypeError"),
    ("9b", instead("9b", ("422", "400")), "and is no login"),
    ("9b", instead("9b", ("return LoginInput", "LoginInput")), "is `return` there"),
    ("9b", instead("9b", ("LoginInput().load(request.get_json())", "request.get_json()")),
     "and is no login"),
    ("9c", instead("9c", (" if ObjectId.is_valid(text) else None", "")), "InvalidId"),
    ("9c", instead("9c", ("return ObjectId(text)", "return text")), "This is a string"),
    ("9c", instead("9c", ("return ObjectId(text)", "ObjectId(text)")), "Is `return` there"),
    ("9c", instead("9c", ("ObjectId.is_valid(text)", "len(text) == 24")), "InvalidId"),
    ("10a", instead("10a", ("hash_secret(token)", "token")), "only its hash"),
    ("10a", instead("10a", ("return Login", "Login")), "Is `return` there"),
    ("10a", instead("10a", (".first()", "")), "`.first()`"),
    ("10a", instead("10a", ("token_hash=hash_secret(token)", "")), "`token_hash`"),
    ("10a", instead("10a", ("token_hash=hash_secret(token)", "token=token")), "InvalidQueryError"),
    ("10a", instead("10a", ("token_hash=hash_secret(token)",
                            "token_hash__in=[token, hash_secret(token)]")), "reads the database"),
    ("10b", instead("10b", ("self.until > now()", "self.until < now()")), "with `now()`"),
    ("10b", instead("10b", ("self.until > now()", "self.until")), "with `now()`"),
    ("10b", instead("10b", ("self.epoch == user.login_epoch", "self.epoch")), "have to be equal"),
    ("10b", instead("10b", ("self.epoch == user", "self.epoch >= user")), "have to be equal"),
    ("10b", instead("10b", ("self.until > now()", "until > now()")), "NameError"),
    ("10b", instead("10b", ("        and user.is_active\n", "")), "`user.is_active`"),
    ("10c", instead("10c", (" and login.address == address", "")), "somewhere else"),
    ("10c", instead("10c", ("login.made > now() - span and ", "")), "too long ago"),
    ("10c", instead("10c", ("login.made >", "login.made <")), "fresh for 15"),
    ("10c", instead("10c", (" and ", " or ")), "Do both have to hold"),
    ("10d", instead("10d", (', fresh=session["_fresh"]', "")), "Nobody typed a password"),
    ("10d", instead("10d", ('session["_fresh"]', "False")), "is asked again"),
    ("10d", instead("10d", ('session["_fresh"]', "True")), "Nobody typed a password"),
    ("10d", instead("10d", ('login_user(user, remember=True, fresh=session["_fresh"])',
                            'session["_fresh"]')), "nobody was logged in anew"),
    ("11a", instead("11a", ('{"same-origin", "none"}', '{"same-origin"}')), "somebody typed"),
    ("11a", instead("11a", ('{"same-origin", "none"}', '{"same-origin", "same-site", "none"}')),
     "another port"),
    ("11a", instead("11a", ("origin is None or ", "")), "A program sends neither"),
    ("11a", instead("11a", ('.rstrip("/")', "")), "a slash more"),
    ("11a", instead("11a", ("origin == request", "origin.startswith(request"), ('("/")', '("/"))')),
     "Compare the whole"),
    ("11a", instead("11a", ("return origin", "origin")), "Is `return` there"),
    ("11a", instead("11a", ("site in {", "sites in {")), "NameError"),
    ("11b", instead("11b", ("mimetype", "content_type")), "Behind the semicolon"),
    ("11b", instead("11b", (", *FORMS", "")), "The app has a form"),
    ("11b", instead("11b", ('"", ', "")), "A request without a body"),
    ("11b", instead("11b", ('not in ("", "application/json", *FORMS)', '== "text/plain"')),
     "Every type that is not named"),
    ("11b", instead("11b", ("415", "400")), "415 is the status"),
    ("11b", instead("11b", ("abort(415)", "return 415")), "`abort(415)` ends"),
    ("11b", instead("11b", ("not in", "in")), "JSON that is called JSON"),
    ("11c", instead("11c", ('target.startswith("/")', "target")), "begins with a slash"),
    ("11c", instead("11c", ('.partition("?")[0]', "")), "behind the question mark is no path"),
    ("11c", instead("11c", ('"//" not in target.partition("?")[0]', 'not target.startswith("//")')),
     "anywhere in the path"),
    ("11c", instead("11c", ('        and not set(target) & set("\\\\ ")\n', "")), "a backslash"),
    ("11c", instead("11c", ("isinstance(target, str)", "True")), "NoneType"),
    ("12a", instead("12a", ("not by.is_admin and ", "")), "An administrator may"),
    ("12a", instead("12a", (" and by.id != user.id", "")), "The owner is refused"),
    ("12a", instead("12a", (" and ", " or ")), "The owner is refused"),
    ("12a", instead("12a", ("by.id != user.id", "by is not user")), "compare the ids"),
    ("12a", instead("12a", ("by.id != user.id", "by.name != user.name")), "A name is no id"),
    ("12a", instead("12a", ("raise AnothersRecord", "return AnothersRecord")), "neither owner"),
    ("12b", instead("12b", (" if field in record", "")), "A record may lack a field"),
    ("12b", instead("12b", ("{field: record[field] for field in ALLOWED if field in record}",
                            "record")), "came through"),
    ("12b", instead("12b", ("{field: record[field] for field in ALLOWED if field in record}",
                            "{key: record[key] for key in record if key != 'is_admin'}")),
     "Go through the list"),
    ("12b", instead("12b", ("return {", "{")), "Is `return` there"),
    ("12b", instead("12b", ("record[field]", "record.get(field)"), (" if field in record", "")),
     "A record may lack a field"),
    ("12c", instead("12c", (", unique=True", "")), "Which argument makes it unique"),
    ("12c", instead("12c", ('"name"', '"names"')), "The index is on 'names'"),
    ("12c", instead("12c", ('"name"', '"email"')), "It has to be on 'name' alone"),
    ("12c", instead("12c", ("people.create", "create")), "NameError"),
    ("12c", "def make_unique(people):\n    people.distinct('name')", "No index was made"),
    ("12d", instead("12d", ("user.is_admin and ", "")), "ask `user.is_admin`"),
    ("12d", instead("12d", (" and left == 0", "")), "`left` is 1"),
    ("12d", instead("12d", ("left == 0", "left == 1")), "Nobody could manage"),
    ("12d", instead("12d", ("        undo()\n", "")), "Both have to happen"),
    ("12d", instead("12d", ("undo()", "undo")), "Both have to happen"),
    ("12d", instead("12d", ("        raise LastAdministrator\n", "")), "Both have to happen"),
    ("12d", instead("12d", ("raise LastAdministrator", "raise LastAdmin")), "NameError"),
    ("12e", instead("12e", (" if now - moment < WINDOW", "")), "no longer counts"),
    ("12e", instead("12e", ("< LIMIT", "<= LIMIT")), "Ten are allowed"),
    ("12e", instead("12e", ("now - moment", "moment - now")), "no longer counts"),
    ("12e", instead("12e", ("moment < WINDOW", "moment <= WINDOW")), "as old as `WINDOW`"),
    ("12e", instead("12e", ("return len", "len")), "Is `return` there"),
    ("12e", instead("12e", ("len([", "(["), ), "TypeError"),
    ("12f", instead("12f", ("user is not None and ", "")), "NoneType"),
    ("12f", instead("12f", ("Account.objects", "Acount.objects")), "Is Account meant?"),
    ("12f", instead("12f", (" and user.is_active", "")), "`user.is_active`"),
    ("12f", instead("12f", ("user.is_active", "not user.is_active")), "The account is open"),
    ("12f", instead("12f", ("return user if user", "user if user")), "The account is open"),
]  # fmt: skip


@pytest.fixture
def names():
    """Give the names that the lessons of part 2 have where the reader writes."""
    from datetime import timedelta
    from typing import Any

    import flask_login
    import marshmallow
    import werkzeug.security

    from flasklogin_tutorial.app import accounts, models, refusals
    from flasklogin_tutorial.lab import new_app
    from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
    from flasklogin_tutorial.steps import variants

    new_app(step06.create_app)
    found = {name: getattr(flask, name) for name in ("abort", "jsonify", "request")}
    found |= {name: getattr(marshmallow, name) for name in ("Schema", "fields")}
    found |= {
        name: getattr(werkzeug.security, name)
        for name in ("check_password_hash", "generate_password_hash")
    }
    found |= {name: getattr(flask, name) for name in ("current_app", "session")}
    found |= {name: getattr(models, name) for name in ("Login", "User", "hash_secret", "now")}
    found |= {"login_user": flask_login.login_user, "timedelta": timedelta}
    found |= {"Operator": accounts.Operator, "AnothersRecord": refusals.AnothersRecord}
    found |= {"ALLOWED": ["email", "password"], "Account": variants.Account}
    found |= {"json": json, "ObjectId": ObjectId, "ValidationError": marshmallow.ValidationError}
    found["LoginInput"] = defined(find_line("8a").solution, "LoginInput", found)
    nobodys = werkzeug.security.generate_password_hash("a password that no one has")
    return found | {"Any": Any, "FORMS": FORMS, "NOBODYS": nobodys, "step06": step06}


@pytest.mark.parametrize(("number", "source", "said"), WRONG)
def test_a_wrong_line_is_told_its_cause_and_the_lesson_goes_on(names, number, source, said):
    must_be_told(number, source, said, names)


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_the_lessons_own_lines_are_right_and_are_not_the_only_ones_tried(names, one):
    must_be_right(one, names)
    assert sum(number == one.number for number, *_ in WRONG) >= 2


@pytest.mark.parametrize(("number", "kind"), [("8b", "User"), ("10a", "Login"), ("12f", "Account")])
def test_a_check_leaves_no_record_behind(names, number, kind):
    one, kind = find_line(number), {**names, "User": names["step06"].User}[kind]
    judge_line(one, one.own(names), names)
    assert kind.objects.count() == 0


def test_a_class_that_is_not_written_yet_is_told_so(names):
    schema = type("LoginInput", (names["Schema"],), {"username": ..., "password": ...})
    result = judge_line(find_line("8a"), schema, names)
    assert result.verdict == "not yet"


#: Changes of the lesson's own lines that nobody can tell from them.
THE_SAME = {
    ("8b", "return None → left out"),
    ("8b", "return None → nothing_returned"),
    ("11a", "'/' → constant"),
    ("12a", "None → constant"),
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.is.*with:SyntaxWarning")
@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_no_small_change_of_the_lessons_own_lines_is_right(names, one):
    no_small_change_may_be_right(one, names, THE_SAME)
