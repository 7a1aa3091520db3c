"""What looks like a hole and is none: here the attacks have to fail, and to say so."""

import hashlib
import secrets
import time
from datetime import datetime, timedelta

from flask import jsonify, request, session
from flask_login import current_user, login_user

from .classic import WithId, keeps_ids
from .core import Refused
from .holes_from_elsewhere import _headers, _let_scripts_read
from .holes_in_data import _field_of_its_own, collection, write_beside
from .planting import cannot_be_seen, look_alike
from .shapes import FORMS, JSON_API, NESTED, Login

BOTH_KEYS = ("forged-session-cookie", "forged-remember-cookie")

# ---- keys and cookies


@look_alike(*BOTH_KEYS)
def key_at_random(parts):
    """A key that nobody knows signs cookies with ids that everybody knows."""
    keeps_ids(parts)


@look_alike("forged-session-cookie", shapes=[JSON_API, FORMS])
def key_from_outside_beside_a_literal(parts):
    keeps_ids(parts)
    default = "a default that is there and is not used"
    parts.settings["SECRET_KEY"] = secrets.token_urlsafe(24) or default


@look_alike(*BOTH_KEYS, shapes=[JSON_API, NESTED])
def known_key_that_opens_nothing(parts):
    """The key stands in the source. What it would have to sign, nobody knows."""
    parts.settings["SECRET_KEY"] = "this one is of no use to anybody at all"


@look_alike("missing-cookie-flags")
def cookie_that_opens_nothing(parts):
    """A cookie for the colour of the pages goes everywhere, and may."""

    def finish(app):
        @app.after_request
        def add(response):
            response.set_cookie("theme", "dark")
            return response

    parts.finish = finish


@look_alike("missing-cookie-flags", shapes=[FORMS, NESTED])
def remember_cookie_with_all_flags(parts):
    keeps_ids(parts)


@look_alike("id-in-cookie")
def random_id_for_cookies(parts):
    """Every user has one random text for cookies: it stays, and is not the id of the record."""

    class Marked(WithId):
        def get_id(self):
            return self.user.session_mark

    def mark(user, password):
        collection(parts).update_one(
            {"_id": user.id}, {"$set": {"session_mark": secrets.token_hex(16)}}
        )

    def find(identity):
        found = collection(parts).find_one({"session_mark": str(identity)})
        user = parts.shape.users.objects(id=found["_id"]).first() if found else None
        if user is not None:
            user.session_mark = found["session_mark"]
        return user

    def enter(user, remember):
        session.clear()
        found = collection(parts).find_one({"_id": user.id})
        user.session_mark = found["session_mark"]
        login_user(Marked(user))

    def load(identity):
        user = find(identity)
        return Marked(user) if user else None

    parts.stored_besides, parts.enter, parts.load = mark, enter, load
    parts.log_out = lambda login: None


@look_alike("replay-after-logout", "replay-after-password-change")
def login_tied_to_an_address(parts):
    """A copied cookie is good at its owner's address only, and ends with the login."""
    new_login, load = parts.enter, parts.load

    def enter(user, remember):
        new_login(user, remember)
        session["from"] = request.remote_addr

    parts.enter = enter
    parts.load = lambda token: load(token) if session.get("from") == request.remote_addr else None


@look_alike("disabled-user-stays-in", shapes=[JSON_API])
def page_for_closed_accounts(parts):
    """Flask-Login still knows a closed account, and the page shows it its name no more."""

    def finish(app):
        me = app.view_functions["me"]

        def me_or_closed():
            known = getattr(current_user, "user", None)
            return jsonify(closed=True) if known is not None and known.is_disabled else me()

        app.view_functions["me"] = me_or_closed

    parts.finish = finish


# ---- what is stored


@look_alike("plaintext-at-rest")
def quick_hash_of_something_else(parts):
    """Quick hashes of random tokens are good ones."""
    write_beside(parts, "reset", lambda _: hashlib.sha256(secrets.token_bytes()).hexdigest())


@look_alike("plaintext-at-rest", shapes=[JSON_API, NESTED])
def text_about_the_password(parts):
    write_beside(parts, "note", lambda password: f"the password has {len(password)} letters")


@look_alike("plaintext-at-rest", "equal-passwords-look-equal", shapes=[NESTED, FORMS])
def slow_hash_with_the_salt_beside(parts):
    def slow(salt, password):
        return hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 1000).hex()

    def hash_it(password):
        salt = secrets.token_hex(8)
        return f"{salt}:{slow(salt, password)}"

    def fits(stored, password):
        salt, _, digest = stored.partition(":")
        return digest == slow(salt, password)

    parts.hash, parts.fits = hash_it, fits


@look_alike("equal-passwords-look-equal")
def same_picture_for_everybody(parts):
    address = "https://pictures.example.org/nobody-has-chosen-one.png"
    write_beside(parts, "picture", lambda _: address)


@look_alike("equal-passwords-look-equal", shapes=[JSON_API, NESTED])
def same_day_for_everybody(parts):
    write_beside(parts, "since", lambda _: datetime.now().strftime("%A, %d %B %Y"))


@look_alike("password-in-answers", shapes=[JSON_API, FORMS])
def digest_of_the_address_in_the_record(parts):
    """As for the pictures of Gravatar."""
    public = parts.public

    def with_picture(user, caller):
        return public(user, caller) | {"picture": hashlib.md5(user.name.encode()).hexdigest()}

    parts.public = with_picture


# ---- questions


@look_alike("operator-logs-in", "operator-picks-a-user", "regex-oracle", shapes=[JSON_API, NESTED])
def objects_are_made_texts(parts):
    """An object is no error: it is a text that nobody has for a name."""
    log_in = parts.log_in
    parts.log_in = lambda name, password, remember=False: log_in(str(name), str(password), remember)


@look_alike("operator-logs-in")
def first_user_of_a_real_database(parts):
    parts.finish = lambda app: parts.make("root-of-the-site", "root@example.org", "a" * 20)


@look_alike("regex-oracle", shapes=[JSON_API, NESTED])
def refusals_with_a_number_each(parts):
    count = iter(range(10**6, 10**7))
    parts.says_no = lambda name, user: Refused(401, f"Request {next(count)} was refused.")


@look_alike("mass-assignment-admin", shapes=[JSON_API, FORMS])
def fields_are_repeated_in_the_answer(parts):
    """The answer shows what was sent, and nothing of it is stored."""

    def finish(app):
        for endpoint in ("create", "change"):
            app.view_functions[endpoint] = _repeat(app.view_functions[endpoint])

    parts.finish = finish


def _repeat(view):
    def repeat(**path):
        answer = view(**path)
        return jsonify(request.get_json() | {"done": True}) if request.is_json else answer

    return repeat


@look_alike("mass-assignment-admin", shapes=[JSON_API, NESTED])
def harmless_fields(parts):
    """Fields that everybody may set lie beside one that nobody may."""
    for field in ("is_subscribed", "copyright", "permalink", "skillLevel"):
        _field_of_its_own(parts, field, False)


@look_alike("duplicate-names", shapes=[JSON_API, FORMS])
def second_name_is_ignored(parts):
    """Whoever asks for a name that is taken is told nothing of it."""
    create = parts.create

    def create_or_not(sent):
        try:
            return create(sent)
        except Refused as error:
            if error.status != 409:
                raise
            return parts.find(sent["name"])

    parts.create = create_or_not


@look_alike("duplicate-names-by-a-race", shapes=[JSON_API, NESTED])
def index_alone(parts):
    """Nobody looks before inserting, and the database takes a name once only."""
    parts.has_the_name = lambda name: False


# ---- doors


@look_alike("anyone-edits-anyone", shapes=[JSON_API, NESTED])
def everybody_changes_their_own(parts):
    """Whatever name is in the address, it is the caller's own record that is changed."""
    change = parts.change

    def change_own(name, sent):
        caller = parts.caller()
        return change(name if caller is None or caller.is_admin else caller.name, sent)

    parts.change = change_own


@look_alike("anyone-deletes-anyone", "stranger-writes")
def records_for_members_only(parts):
    """A stranger is shown no record, whether it is there or not."""
    read = parts.read

    def read_if_in(name):
        if parts.caller() is None:
            raise Refused(401, "log in first")
        return read(name)

    parts.read = read_if_in


@look_alike("stranger-reads-email")
def address_in_part(parts):
    public = parts.public

    def masked(user, caller):
        first, _, host = user.get_email().partition("@")
        return {"mail": f"{first[0]}…@{host}"} | public(user, caller)

    parts.public = masked


# ---- how often


def _ends_after(parts, clock, seconds):
    """Let a count end by itself."""
    parts.too_many = lambda name: Refused(403, "this account is locked")
    check, began = parts.check_limits, {}

    def check_or_forget(name):
        key = parts.count_key(name)
        if key in began and clock() - began[key] > seconds:
            parts.tries[key] = 0
            del began[key]
        began.setdefault(key, clock())
        check(name)

    parts.check_limits = check_or_forget


@look_alike("victim-locked-out")
def lock_of_a_minute(parts):
    _ends_after(parts, time.time, 60)


@look_alike("victim-locked-out", shapes=[JSON_API, NESTED])
def lock_of_a_minute_by_another_clock(parts):
    _ends_after(parts, lambda: time.monotonic(), 60)


@look_alike("victim-locked-out", shapes=[JSON_API, FORMS])
def lock_of_an_hour_by_dates(parts):
    _ends_after(parts, datetime.now, timedelta(hours=1))


@look_alike("unbounded-guessing", shapes=[JSON_API, FORMS])
def limit_that_takes_its_time(parts):
    """Some dozens of tries are let through, and then no more."""
    check = parts.check_limits
    count = parts.count_key
    parts.check_limits = lambda name: check(name) if parts.tries[count(name)] > 50 else None


@look_alike("throttle-fooled-by-header")
def header_that_is_only_written_down(parts):
    seen, address = [], parts.address

    def real_address():
        seen.append(request.headers.get("X-Forwarded-For"))
        return address()

    parts.address = real_address


@look_alike("names-found-by-answer")
def answers_with_a_number_each(parts):
    count = iter(range(10**6, 10**7))
    parts.says_no = lambda name, user: Refused(401, f"Request {next(count)} was refused.")


@look_alike("names-found-by-answer", shapes=[JSON_API, FORMS])
def answers_with_the_name(parts):
    parts.says_no = lambda name, user: Refused(401, f"{name} was not logged in.")


@look_alike("weak-password", shapes=[JSON_API, NESTED])
def rule_without_kinds_of_letters(parts):
    """Long sentences are good passwords, of small letters alone."""


# ---- other sites


@look_alike("open-redirect")
def whole_addresses_of_the_own(parts):
    own = parts.safe_next

    def safe_next(wanted):
        base = request.host_url
        return wanted if wanted.startswith(base) and "\\" not in wanted else own(wanted)

    parts.safe_next = safe_next


@look_alike("open-redirect", shapes=[JSON_API, FORMS])
def next_as_a_part_of_the_own_path(parts):
    own = parts.safe_next
    parts.safe_next = lambda wanted: own(wanted) if wanted.startswith("/me") else "/me"


@look_alike("framed-or-misread")
def frames_for_a_partner(parts):
    rule = "img-src *; frame-ancestors 'self' https://partner.example"
    _headers(parts, Content_Security_Policy=rule)


@look_alike("framed-or-misread", shapes=[JSON_API, FORMS])
def frame_option_alone(parts):
    _headers(parts, Content_Security_Policy=None, X_Frame_Options="sameorigin")


@look_alike("framed-or-misread", shapes=[JSON_API, NESTED])
def header_that_is_sent_twice(parts):
    _headers(parts, X_Content_Type_Options="nosniff, nosniff")


@look_alike("private-answer-cached")
def no_store_in_capitals(parts):
    _headers(parts, Cache_Control="Private, No-Store, Max-Age=0")


@look_alike("private-answer-cached", shapes=[FORMS])
def redirects_may_be_kept(parts):
    """The pages are not kept. What leads to them has nothing in it."""
    sound = parts.headers()

    def finish(app):
        def let_keep(response):
            if response.location:
                response.headers["Cache-Control"] = "no-cache"
            return response

        app.after_request_funcs[None].insert(0, let_keep)  # the last that is called

    parts.headers, parts.finish = lambda: sound, finish


@look_alike("foreign-page-reads", shapes=[JSON_API, NESTED])
def scripts_of_a_partner(parts):
    _let_scripts_read(parts, lambda origin: origin == "https://partner.example")


@look_alike("foreign-page-reads", shapes=[JSON_API, FORMS])
def scripts_without_cookies(parts):
    sound = parts.headers
    parts.headers = lambda: sound() | {"Access-Control-Allow-Origin": "*"}


@look_alike("cross-site-write", "login-csrf", shapes=[FORMS])
def token_alone(parts):
    """Cookies go along from everywhere, and the token of the form is what is missing."""
    parts.lets_in = lambda: True
    parts.settings["SESSION_COOKIE_SAMESITE"] = "None"


@look_alike("cross-site-write", "cross-site-logout", shapes=[JSON_API, NESTED])
def cookie_that_stays_at_home(parts):
    """Everything is taken from everywhere, and the cookie does not go along."""
    parts.lets_in = parts.takes_body = lambda: True
    parts.settings["SESSION_COOKIE_SAMESITE"] = "Strict"


@look_alike("logout-by-link", "cross-site-logout", shapes=[JSON_API, FORMS])
def page_that_asks_before_the_logout(parts):
    def finish(app):
        app.add_url_rule("/logout", "ask", lambda: "<p>Do you want to log out?</p>")
        app.add_url_rule("/api/logout", "ask_too", lambda: jsonify(sure=False))

    parts.finish = finish


# ---- what an app tells of itself


@look_alike("traceback-in-answers")
def page_that_speaks_of_tracebacks(parts):
    text = "Something failed. The traceback is in the log, File a report, line 1 to 7."
    parts.on_error = lambda error: (text, 500)


@look_alike("oversize-body", shapes=[JSON_API, FORMS])
def bodies_of_a_size(parts):
    parts.settings["MAX_CONTENT_LENGTH"] = 1024 * 1024


@look_alike("malformed-bodies", shapes=[JSON_API, NESTED])
def errors_are_caught(parts):
    """Whatever is sent, the app says what it thinks of it, with a status of its own."""
    parts.read_body = lambda: request.get_json(force=True) or {}
    parts.on_error = lambda error: (jsonify(error="this cannot be read"), 400)


@look_alike("refusal-says-200", shapes=[JSON_API, NESTED])
def refusal_with_403(parts):
    parts.refused_status = lambda error: 403 if error.status == 401 else error.status


# ---- of what nothing can be told


@cannot_be_seen("plaintext-at-rest", "equal-passwords-look-equal", shapes=[JSON_API, FORMS])
def passwords_kept_elsewhere(parts):
    """The passwords are in another process; here they are in a dictionary."""
    kept, make_hash = {}, parts.hash

    def keep(user, password):
        kept[user.name] = make_hash(password)
        user.update(hash="elsewhere")

    parts.stored_besides = keep

    def look_up_there(name, password):
        user = parts.find(name)
        if user is None or not isinstance(password, str):
            return None
        return user if parts.fits(kept[user.name], password) else None

    parts.look_up = look_up_there


@cannot_be_seen("replay-after-logout", "replay-after-password-change", shapes=[JSON_API, NESTED])
def cookie_that_cannot_be_copied(parts):
    """Every cookie is good once: a copy that was used is over, and so is its owner's."""
    load = parts.load
    used = set()

    def load_once(token):
        stamp = (token, session.get("turn"))
        if stamp in used:
            return None
        found = load(token)
        if isinstance(found, Login):
            used.add(stamp)
        return found

    parts.load = load_once


@cannot_be_seen("anyone-edits-anyone", "weak-password", "cross-site-write")
def door_that_opens_for_nobody(parts):
    def refuse(*_):
        raise Refused(422, "this does not work today")

    parts.change = parts.create = refuse


@cannot_be_seen("names-found-by-answer", "names-found-by-work", shapes=[JSON_API, FORMS])
def limit_for_all_together(parts):
    """After some logins, whosever they are, there are no more."""
    seen = []

    def check(name):
        seen.append(name)
        if len(seen) > 5:
            raise Refused(429, "too many tries in all")

    parts.check_limits = check


@cannot_be_seen("stranger-reads-email")
def address_that_nobody_keeps(parts):
    make = parts.make
    parts.make = lambda name, email, password, **more: make(name, "kept@away.example", password)
    parts.may_read_email = lambda caller, user: False


@cannot_be_seen("open-redirect")
def login_that_goes_nowhere(parts):
    parts.safe_next = lambda wanted: "/users/nobody"


@cannot_be_seen("disabled-user-stays-in", "disabled-user-logs-in")
def switch_that_does_nothing(parts):
    parts.disable = lambda user: None
