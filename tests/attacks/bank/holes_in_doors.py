"""Holes in who may do what, and in how often somebody may try."""

import html
import re

from flask import request

from .core import Refused
from .planting import hole
from .shapes import FORMS, JSON_API, NESTED


@hole("anyone-edits-anyone")
def anyone_may_write(parts):
    parts.may_write = lambda caller, user: caller is not None
    parts.may_delete = lambda caller, user: caller is not None and caller.name == user.name


@hole("anyone-edits-anyone", shapes=[JSON_API])
def the_callers_password_is_asked(parts):
    """The current password is asked, and it is that of whoever calls."""
    change = parts.change
    parts.may_write = lambda caller, user: caller is not None

    def change_if_known(name, sent):
        caller = parts.caller()
        typed = sent.get("current_password")
        if not (caller and typed and parts.fits(caller.get_hash(), typed)):
            raise Refused(422, "current_password is not right")
        return change(name, sent)

    parts.change = change_if_known


@hole("anyone-deletes-anyone")
def anyone_may_delete(parts):
    parts.may_delete = lambda caller, user: caller is not None


@hole("anyone-creates-users")
def anyone_may_create(parts):
    parts.may_create = lambda caller: True


@hole("stranger-writes")
def strangers_may_write(parts):
    parts.may_write = lambda caller, user: True
    _ask_for_no_login(parts)


@hole("stranger-writes", shapes=[JSON_API, NESTED])
def strangers_may_delete(parts):
    parts.may_delete = lambda caller, user: True


@hole("stranger-writes", shapes=[JSON_API, FORMS])
def strangers_may_move_the_address(parts):
    """There is a rule for passwords only."""
    may_write, change = parts.may_write, parts.change

    def change_some(name, sent):
        if sent.get("password"):
            return change(name, sent)
        user = parts.find(name)
        user.set_email(sent["email"])
        return user

    parts.may_write, parts.change = may_write, change_some
    _ask_for_no_login(parts)


def _ask_for_no_login(parts):
    parts.token_fits = lambda token: True


@hole("stranger-reads-email")
def address_for_everybody(parts):
    parts.may_read_email = lambda caller, user: True


@hole("stranger-reads-email", shapes=[FORMS])
def address_in_entities(parts):
    """The page shows the address letter by letter, so that collectors do not find it."""

    def finish(app):
        read = app.view_functions["read"]

        def read_in_entities(name):
            user = parts.find(name)
            if user is None:
                return read(name)
            address = "".join(f"&#{ord(letter)};" for letter in user.get_email())
            return f"<p>{html.escape(user.name)}</p><p>{address}</p>"

        app.view_functions["read"] = read_in_entities

    parts.finish = finish


# ---- how often


@hole("unbounded-guessing", "password-spraying")
def no_limits(parts):
    parts.check_limits = lambda name: None


@hole("unbounded-guessing")
def limit_for_wrong_tries_only(parts):
    """Too many wrong tries are answered with 429, and the right password is taken all the same."""
    check = parts.check_limits
    parts.check_limits = lambda name: None
    log_in = parts.log_in

    def log_in_or_stop(name, password, remember=False):
        try:
            return log_in(name, password, remember)
        except Refused:
            check(name)
            raise

    parts.log_in = log_in_or_stop


@hole("unbounded-guessing", shapes=[JSON_API, FORMS])
def limit_by_spelling(parts):
    """The count is for a name as it was typed, and the login takes capitals for small letters."""
    find = parts.find
    parts.find = lambda name: find(name.lower()) if isinstance(name, str) else None
    _count_names_only(parts)


@hole("password-spraying", shapes=[JSON_API, NESTED])
def limit_by_name_alone(parts):
    _count_names_only(parts)


def _count_names_only(parts):
    parts.address = lambda: f"{request.remote_addr} {request.environ['werkzeug.request']}"
    parts.note_failure = lambda name, user: parts.tries.update([parts.count_key(name)])


@hole("throttle-fooled-by-header")
def limit_by_a_header(parts):
    parts.address = lambda: request.headers.get("X-Forwarded-For", request.remote_addr)


@hole("throttle-fooled-by-header", shapes=[JSON_API, FORMS])
def limit_by_another_header(parts):
    parts.address = lambda: request.headers.get("X-Cluster-Client-IP", request.remote_addr)


@hole("counted-by-address-alone")
def limit_by_whole_addresses(parts):
    parts.address = lambda: request.remote_addr


@hole("forgiven-by-a-right-login", shapes=[JSON_API, FORMS])
def right_login_takes_the_count_back(parts):
    def forget(name):
        parts.tries[parts.count_key(name)] = parts.tries[parts.address()] = 0

    parts.note_success = forget


@hole("victim-locked-out")
def lock_without_end(parts):
    parts.too_many = lambda name: Refused(403, "this account is locked")


@hole("victim-locked-out", shapes=[JSON_API, NESTED])
def lock_without_end_that_says_429(parts):
    parts.too_many = lambda name: Refused(429, "this account is locked")


# ---- which names there are


@hole("names-found-by-answer")
def talkative(parts):
    def says_no(name, user):
        return Refused(401, "That is not the password." if user else "There is no such user.")

    parts.says_no = says_no


@hole("names-found-by-answer", shapes=[JSON_API, FORMS])
def talkative_with_a_number_in_each_answer(parts):
    count = iter(range(10**6, 10**7))

    def says_no(name, user):
        what = "password" if user else "name"
        return Refused(401, f"Request {next(count)} failed: wrong {what}.")

    parts.says_no = says_no


@hole("names-found-by-answer", shapes=[FORMS])
def talkative_in_words_that_the_form_has_too(parts):
    def says_no(name, user):
        wrong = "password" if user else "username"
        return Refused(401, f"Log in: username, password. Invalid {wrong}.")

    parts.says_no = says_no


@hole("names-found-by-answer", shapes=[JSON_API, NESTED])
def talkative_in_a_header(parts):
    def says_no(name, user):
        return Refused(401, "That is not right.", **({"X-Tries-Left": "4"} if user else {}))

    parts.says_no = says_no


@hole("names-found-by-answer", shapes=[FORMS, NESTED])
def talkative_by_status(parts):
    parts.says_no = lambda name, user: Refused(401 if user else 404, "That is not right.")


@hole("names-found-by-work", shapes=[JSON_API, NESTED])
def quick_exit(parts):
    _hash_slowly(parts)
    look_up = parts.look_up
    parts.look_up = lambda name, pw: look_up(name, pw) if parts.find(name) else None


def _hash_slowly(parts):
    from werkzeug.security import generate_password_hash

    parts.hash = lambda password: generate_password_hash(password, "pbkdf2:sha256:60000")


# ---- weak passwords


@hole("weak-password")
def any_password(parts):
    parts.accepts_password = lambda password, name: isinstance(password, str)


@hole("weak-password", shapes=[JSON_API, FORMS])
def kinds_of_letters_are_counted(parts):
    def accepts(password, name):
        kinds = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
        is_text = isinstance(password, str) and len(password) >= 8
        is_mixed = is_text and all(re.search(kind, password) for kind in kinds)
        return is_mixed or (is_text and len(password) >= 20 and " " not in password[:3])

    accepts_password = parts.accepts_password
    parts.accepts_password = lambda password, name: (
        accepts(password, name) if len(str(password)) < 15 else accepts_password(password, name)
    )


@hole("weak-password", shapes=[NESTED, FORMS])
def own_name_as_password(parts):
    accepts = parts.accepts_password
    parts.accepts_password = lambda password, name: password == name or accepts(password, name)
