"""Holes in what is stored, and in how it is asked for."""

import base64
import hashlib
import json
import secrets
import time

from flask import jsonify
from mongoengine import NotUniqueError

from .core import Refused
from .planting import hole
from .shapes import FORMS, JSON_API, NESTED

STORED = "plaintext-at-rest"


def collection(parts):
    """Return the collection of the users."""
    return parts.shape.users._get_collection()


def write_beside(parts, path, value):
    """Let something that is made of a password be written into the user's record with it."""

    def store(user, password):
        collection(parts).update_one({"_id": user.id}, {"$set": {path: value(password)}})

    parts.stored_besides = store


@hole(STORED)
def plaintext_beside(parts):
    write_beside(parts, "hint", lambda password: password)


@hole(STORED, shapes=[NESTED])
def plaintext_in_an_embedded_document(parts):
    write_beside(parts, "local.plain", lambda password: password)


@hole(STORED, shapes=[JSON_API, NESTED])
def plaintext_in_a_list(parts):
    write_beside(parts, "history", lambda password: [{"old": {"value": password}}])


@hole(STORED)
def plaintext_in_another_collection(parts):
    def store(user, password):
        vault = collection(parts).database["vault"]
        vault.insert_one({"owner": user.id, "value": password})

    parts.stored_besides = store


@hole(STORED, shapes=[JSON_API, FORMS])
def plaintext_in_base64(parts):
    def encode(password):
        return "b64:" + base64.b64encode(password.encode()).decode()

    write_beside(parts, "recovery", encode)


@hole(STORED, shapes=[JSON_API, NESTED])
def plaintext_backwards(parts):
    write_beside(parts, "recovery", lambda password: password[::-1])


@hole(STORED, shapes=[JSON_API, NESTED])
def plaintext_as_bytes(parts):
    write_beside(parts, "recovery", str.encode)


@hole(STORED, shapes=[FORMS, NESTED])
def quick_hash(parts):
    parts.hash = lambda password: hashlib.sha256(password.encode()).hexdigest()
    parts.fits = lambda stored, password: stored == hashlib.sha256(password.encode()).hexdigest()


@hole(STORED, shapes=[JSON_API, NESTED])
def quick_hash_with_a_salt(parts):
    def digest(salt, password):
        return salt + "$" + hashlib.sha1((salt + password).encode()).hexdigest()

    parts.hash = lambda password: digest(secrets.token_hex(6), password)
    parts.fits = lambda stored, password: stored == digest(stored.partition("$")[0], password)


@hole("equal-passwords-look-equal")
def one_salt_for_all(parts):
    def slow(password):
        return hashlib.pbkdf2_hmac("sha256", password.encode(), b"pepper", 1000).hex()

    parts.hash = slow
    parts.fits = lambda stored, password: stored == slow(password)


# ---- questions to the database


def asks_as_sent(parts, find):
    """Let the login look for name and password as they were sent."""
    write_beside(parts, "pw", lambda password: password)

    def log_in(name, password, remember=False):
        found = find(name, password)
        user = parts.shape.users.objects(id=found["_id"]).first() if found else None
        if user is None:
            raise parts.says_no(name, None)
        parts.enter(user, remember)
        return user

    parts.log_in = log_in


def with_a_first_user(parts):
    """Let there be a user before the attacks make any, as in every real database."""
    parts.finish = lambda app: parts.make("root-of-the-site", "root@example.org", "a" * 20)


@hole("operator-logs-in", "operator-picks-a-user", "regex-oracle", shapes=[JSON_API, NESTED])
def operators_are_asked(parts):
    with_a_first_user(parts)
    asks_as_sent(parts, lambda name, pw: collection(parts).find_one({"name": name, "pw": pw}))


@hole("regex-oracle", shapes=[JSON_API, NESTED])
def oracle_with_unsteady_answers(parts):
    """Every answer holds something new; only one word tells."""
    operators_are_asked(parts)

    def finish(app):
        @app.after_request
        def number(response):
            if response.is_json:
                response.set_data(json.dumps(response.get_json() | {"id": secrets.token_hex(8)}))
            return response

    parts.finish = finish
    log_in = parts.log_in

    def log_in_and_tell(name, password, remember=False):
        try:
            return log_in(name, password, remember)
        except Refused:
            raise Refused(200, "not this one") from None

    parts.log_in = log_in_and_tell


@hole("operator-picks-a-user", shapes=[FORMS, JSON_API])
def query_put_together(parts):
    """A query is written as text, around what was typed."""

    def find(name, password):
        try:
            query = json.loads(f'{{"name": "{name}", "password": "{password}"}}')
        except ValueError:
            return None
        return collection(parts).find_one({"pw": query.pop("password"), **query})

    asks_as_sent(parts, find)


@hole("operator-logs-in", shapes=[FORMS])
def condition_put_together(parts):
    """As SQL that is written around what was typed: a quote ends the text."""
    with_a_first_user(parts)

    def find(name, password):
        if "' OR '1'='1" in name:
            return collection(parts).find_one()
        return collection(parts).find_one({"name": name, "pw": password})

    asks_as_sent(parts, find)


# ---- fields too many


@hole("mass-assignment-admin", shapes=[JSON_API, FORMS])
def admin_by_a_field(parts):
    parts.extra_fields = lambda sent: {"is_admin": True} if sent.get("is_admin") else {}


@hole("mass-assignment-admin", shapes=[JSON_API, FORMS])
def admin_by_a_field_of_another_name(parts):
    """The record says `isAdmin`, as clients in JavaScript like it."""
    _field_of_its_own(parts, "isAdmin", False)


@hole("mass-assignment-admin", shapes=[JSON_API, NESTED])
def admin_by_a_level(parts):
    _field_of_its_own(parts, "accessLevel", 1)


@hole("mass-assignment-admin", shapes=[NESTED])
def admin_by_a_field_within(parts):
    change = parts.change

    def change_all(name, sent):
        user = change(name, sent)
        profile = sent.get("profile")
        if isinstance(profile, dict) and "is_admin" in profile:
            user.update(set__profile__is_admin=bool(profile["is_admin"]))
        return user

    parts.change = change_all


def _field_of_its_own(parts, field, value):
    """Let every record have a field, which a change of the record takes over."""
    make, change = parts.make, parts.change

    def make_with(*given, **more):
        user = make(*given, **more)
        collection(parts).update_one({"_id": user.id}, {"$set": {field: value}})
        return user

    def change_all(name, sent):
        user = change(name, sent)
        if field in sent:
            collection(parts).update_one({"_id": user.id}, {"$set": {field: sent[field]}})
        return user

    parts.make, parts.change = make_with, change_all


# ---- names


@hole("duplicate-names", shapes=[JSON_API, FORMS])
def second_account_that_cannot_log_in(parts):
    """The login takes the first account of a name, and nothing keeps the second away."""
    _let_names_be_twice(parts)
    parts.has_the_name = lambda name: False


@hole("duplicate-names-by-a-race", shapes=[JSON_API])
def look_before_insert(parts):
    _let_names_be_twice(parts)
    has = parts.has_the_name

    def look_and_wait(name):
        found = has(name)
        time.sleep(0.2)  # as a password hash takes, and lets others go on meanwhile
        return found

    parts.has_the_name = look_and_wait


def _let_names_be_twice(parts):
    parts.finish = lambda app: collection(parts).drop_indexes()


@hole("lookalike-names", shapes=[JSON_API, NESTED])
def any_name(parts):
    parts.accepts_name = lambda name: isinstance(name, str) and 0 < len(name) < 80


@hole("lookalike-names", shapes=[FORMS, JSON_API])
def names_in_capitals(parts):
    parts.accepts_name = lambda name: (
        isinstance(name, str) and name.isascii() and name.isprintable()
    )


@hole("lookalike-names", shapes=[FORMS, NESTED])
def names_of_letters_and_digits_in_capitals(parts):
    parts.accepts_name = lambda name: (
        isinstance(name, str) and name.isascii() and name.isalnum() and len(name) < 80
    )


@hole("mass-assignment-id", shapes=[JSON_API])
def record_over_another(parts):
    """A new record is saved under the id that was sent."""

    def finish(app):
        def create():
            sent = parts.read_body()
            if not parts.may_create(parts.caller()) and "id" not in sent:
                raise Refused(403, "only an admin makes users")
            fields = {"id": sent["id"]} if "id" in sent else {}
            user = parts.shape.users(
                name=sent["name"], hash=parts.hash(sent["password"]), email=sent["email"], **fields
            )
            try:
                user.save()
            except NotUniqueError:
                raise Refused(409, "this name is taken") from None
            return jsonify(name=user.name), 201

        app.view_functions["create"] = create

    parts.finish = finish
