"""What a reader gets who writes something into a place of part 2, right or wrong."""

import hashlib
import json
import secrets
from unittest.mock import patch

import flask
import pytest
from bson import ObjectId

from flasklogin_tutorial.exercises.lines import all_lines, find_line
from flasklogin_tutorial.exercises.lines.line import defined
from flasklogin_tutorial.exercises.lines.yours import judge_line
from flasklogin_tutorial.lab import serve

from .line_rules import instead, must_be_right, must_be_told, no_small_change_may_be_right

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

PLACES = [one for one in all_lines() if 8 <= int(one.number[:-1]) <= 12]


WRONG = [
    ("8a", instead("8a", ('{"$regex": pattern}', "pattern")), "An object with an operator"),
    ("8a", instead("8a", ("$regex", "regex")), "with its dollar sign"),
    ("8a", instead("8a", ("$regex", "$ne")), "The key of the object is the operator"),
    ("8a", instead("8a", ('"username": name, ', "")), "two keys"),
    ("8a", instead("8a", ('"username": name', '"username": "ada"')), "the name given"),
    ("8b", instead("8b", ("username = fields.String", "username = fields.Raw")), "An object came"),
    ("8b", instead("8b", ("password = fields.String", "password = fields.Raw")), "An object came"),
    ("8b", instead("8b", ("password = fields.String(required=True)", "password = fields.String()")),
     "password is missing"),
    ("8b", instead("8b", ("username = fields.String(required=True)", "username = fields.Str()")),
     "username is missing"),
    ("8b", instead("8b", ("username = fields.String", "username = fields.Integer")),
     "Both fields take a string"),
    ("8c", instead("8c", ("(name=name)", "(name=name, password=password)")), "A query cannot"),
    ("8c", instead("8c", ("check_password_hash(user.password, password)",
                          "user.password == password")), "the hash itself"),
    ("8c", instead("8c", ("user.password, password", "password, user.password")), "kept first"),
    ("8c", instead("8c", ("check_password_hash(user.password, password)",
                          "generate_password_hash(password) == user.password")), "hashes of it"),
    ("8c", instead("8c", (" and check_password_hash(user.password, password)", "")),
     "Who compares the password"),
    ("8c", instead("8c", ("(name=name)", "()")), "the query ask for the name"),
    ("8c", instead("8c", ("user is not None and ", "")), "NoneType"),
    ("8d", instead("8d", ("if not ", "if ")), "true for what may stay"),
    ("8d", instead("8d", ("generate_password_hash(typed, METHOD)", "typed")), "Keep a hash"),
    ("8d", instead("8d", ("(typed, METHOD)", "(typed)")), "of another method"),
    ("8d", instead("8d", ("hash(typed,", "hash(user.password,")), "no hash of what was typed"),
    ("8d", instead("8d", ("not user.password.startswith(METHOD)", "True")), "work for nothing"),
    ("8d", instead("8d", ("user.password.startswith(METHOD)", "'$' in user.password")),
     "true for what may stay"),
    ("8e", instead("8e", (" > 0", " == 0")), "without an account"),
    ("8e", instead("8e", (" if scrypt_calls(app, name) > 0", "")), "Every name came back"),
    ("8e", instead("8e", ("[name for", "[scrypt_calls(app, name) for")), "keep those"),
    ("8e", instead("8e", ("scrypt_calls(app, name)", "scrypt_calls(name, app)")), "NotAFlaskApp"),
    ("8f", instead("8f", ("NOBODYS if user is None else user.password",
                          '"" if user is None else user.password')), "that is `NOBODYS`"),
    ("8f", instead("8f", ("NOBODYS if user is None else user.password",
                          "generate_password_hash(password)")), "hashed anew"),
    ("8f", instead("8f", ("NOBODYS if user is None else user.password", "user.password")),
     "NoneType"),
    ("8f", instead("8f", ("NOBODYS if user is None else user.password",
                          "user.password or NOBODYS")), "take `NOBODYS` then"),
    ("8f", instead("8f", ("NOBODYS if user is None else user.password", "NOBODYS")),
     "`user.password`"),
    ("8f", instead("8f", ("NOBODYS if user is None",
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
    ("9d", instead("9d", ("new=True, ", "")), "from before"),
    ("9d", instead("9d", (".modify", ".first().modify")), "in the place of `first()`"),
    ("9d", "def change_email(name, email):\n    user = step06.User.objects(name=name).first()\n"
     "    user.modify(email=email)\n    return user",
     "has found nobody"),
    ("9d", instead("9d", ("modify(new=True, email=email)", "update(email=email)")), "how many"),
    ("9d", instead("9d", ("return step06", "step06")), "Is `return` there"),
    ("9d", instead("9d", ("(name=name)", "()")), "Is the name looked for"),
    ("9d", instead("9d", (", email=email", "")), "No update parameters"),
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
    ("10e", instead("10e", ("secrets.token_urlsafe()", "session.sid")), "Give it a new id"),
    ("10e", instead("10e", ("secrets.token_urlsafe()", '"a new id of the session"')),
     "that all logins share"),
    ("10e", instead("10e", ("secrets.token_urlsafe()", 'session.sid + secrets.token_urlsafe()')),
     "made of nothing known"),
    ("10e", instead("10e", ("secrets.token_urlsafe()", "secrets.token_bytes()")), "is a string"),
    ("10e", instead("10e", ("    session.clear()\n", "")), "Leave `session.clear()`"),
    ("10f", instead("10f", ("request.remote_addr", "request.access_route[0]")),
     "Anybody can send this header"),
    ("10f", instead("10f", ("request.remote_addr",
                            'request.headers.get("X-Forwarded-For", request.remote_addr)')),
     "Anybody can send this header"),
    ("10f", instead("10f", ("request.remote_addr", "request.user_agent.string")),
     "What the network says"),
    ("10f", instead("10f", ("return request", "request")), "Is `return` there"),
    ("10f", instead("10f", ("request.remote_addr",
                            "request.remote_addr + request.user_agent.string")),
     "is a header as well"),
    ("11a", instead("11a", ("mimetype", "content_type")), "Behind the semicolon"),
    ("11a", instead("11a", (", *FORMS", "")), "The app has a form"),
    ("11a", instead("11a", ('"", ', "")), "A request without a body"),
    ("11a", instead("11a", ('not in ("", "application/json", *FORMS)', '== "text/plain"')),
     "Every type that is not named"),
    ("11a", instead("11a", ("415", "400")), "415 is the status"),
    ("11a", instead("11a", ("abort(415)", "return 415")), "`abort(415)` ends"),
    ("11a", instead("11a", ("not in", "in")), "JSON that is called JSON"),
    ("11b", instead("11b", ('{"same-origin", "none"}', '{"same-origin"}')), "somebody typed"),
    ("11b", instead("11b", ('{"same-origin", "none"}', '{"same-origin", "same-site", "none"}')),
     "another port"),
    ("11b", instead("11b", ("origin is None or ", "")), "A program sends neither"),
    ("11b", instead("11b", ('.rstrip("/")', "")), "a slash more"),
    ("11b", instead("11b", ("origin == request", "origin.startswith(request"), ('("/")', '("/"))')),
     "Compare the whole"),
    ("11b", instead("11b", ("return origin", "origin")), "Is `return` there"),
    ("11b", instead("11b", ("site in {", "sites in {")), "NameError"),
    ("11c", instead("11c", ("kept is not None and ", "")), "two times None"),
    ("11c", instead("11c", ("kept is not None and sent == kept", "sent is not None")),
     "token of another session"),
    ("11c", instead("11c", ("return kept", "kept")), "Is `return` there"),
    ("11c", instead("11c", ("sent == kept", "sent in kept")), "an empty token"),
    ("11c", instead("11c", ("sent == kept", "sent.startswith(kept)")), "NoneType"),
    ("11d", instead("11d", ('request.path == "/logout" and ', "")), "what the web is made of"),
    ("11d", instead("11d", (" and not comes_from_here()", "")), "may link to it"),
    ("11d", instead("11d", (' == "/logout"', '.startswith("/logout")')), "Compare the whole"),
    ("11d", instead("11d", ("and not comes", "and comes")), "the link of another site"),
    ("11d", instead("11d", ("403", "401")), "403 is the status"),
    ("11e", instead("11e", ('target.startswith("/")', "target")), "begins with a slash"),
    ("11e", instead("11e", ('.partition("?")[0]', "")), "behind the question mark is no path"),
    ("11e", instead("11e", ('"//" not in target.partition("?")[0]', 'not target.startswith("//")')),
     "anywhere in the path"),
    ("11e", instead("11e", ('        and not set(target) & set("\\\\ ")\n', "")), "a backslash"),
    ("11e", instead("11e", ("isinstance(target, str)", "True")), "NoneType"),
    ("11f", instead("11f", ("'none'", "none")), "a host that is called none"),
    ("11f", instead("11f", ("frame-ancestors 'none'", "default-src 'none'")),
     "who may frame the answer"),
    ("11f", instead("11f", ("no-store", "no-cache")), "lets a copy be kept"),
    ("11f", instead("11f", ("no-store", "private")), "not out of the browser"),
    ("11f", instead("11f", ("    return response\n", "")), "Leave `return response`"),
    ("11f", instead("11f", ('"nosniff"', '"sniff"')), "Leave the first line"),
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


def scrypt_calls(app, name):
    """Count as lesson 08c does."""
    with patch("hashlib.scrypt", wraps=hashlib.scrypt) as scrypt:
        serve(app).post("/login", json={"username": name, "password": "a guess"})
    return scrypt.call_count


@pytest.fixture
def names():
    """Give the names that the lessons of part 2 have where the reader writes."""
    from datetime import timedelta
    from typing import Any

    import flask_login
    import marshmallow
    import werkzeug.security

    from flasklogin_tutorial.app import accounts, cross_site, models, refusals
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
    found |= {"login_user": flask_login.login_user, "timedelta": timedelta, "secrets": secrets}
    found |= {"comes_from_here": cross_site.comes_from_here}
    found |= {"Operator": accounts.Operator, "AnothersRecord": refusals.AnothersRecord}
    found |= {"ALLOWED": ["email", "password"], "Account": variants.Account}
    found |= {"json": json, "ObjectId": ObjectId, "ValidationError": marshmallow.ValidationError}
    found["LoginInput"] = defined(find_line("8b").solution, "LoginInput", found)
    nobodys = werkzeug.security.generate_password_hash("a password that no one has")
    found |= {"METHOD": "scrypt:2048:8:1", "scrypt_calls": scrypt_calls}
    found["quick_exit"] = new_app(variants.VARIANTS["quick-exit"].create_app)
    return found | {"Any": Any, "FORMS": FORMS, "NOBODYS": nobodys, "step06": step06}


@pytest.mark.parametrize(("number", "source", "said"), WRONG)
def test_a_wrong_line_is_told_its_cause_and_the_lesson_goes_on(names, number, source, said):
    must_be_told(number, source, said, names)


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_the_lessons_own_lines_are_right_and_are_not_the_only_ones_tried(names, one):
    must_be_right(one, names)
    assert sum(number == one.number for number, *_ in WRONG) >= 2


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        *((number, "User") for number in ("8a", "8c", "8d", "8e", "9d")),
        ("10a", "Login"),
        ("12f", "Account"),
    ],
)
def test_a_check_leaves_no_record_behind(names, number, kind):
    one, kind = find_line(number), {**names, "User": names["step06"].User}[kind]
    judge_line(one, one.own(names), names)
    assert kind.objects.count() == 0


def test_a_class_that_is_not_written_yet_is_told_so(names):
    schema = type("LoginInput", (names["Schema"],), {"username": ..., "password": ...})
    result = judge_line(find_line("8b"), schema, names)
    assert result.verdict == "not yet"


#: Changes of the lesson's own lines that nobody can tell from them.
THE_SAME = {
    ("8c", "return None → left out"),
    ("8c", "return None → nothing_returned"),
    ("11b", "'/' → constant"),
    ("12a", "None → constant"),
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.is.*with:SyntaxWarning")
@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_no_small_change_of_the_lessons_own_lines_is_right(names, one):
    no_small_change_may_be_right(one, names, THE_SAME)
