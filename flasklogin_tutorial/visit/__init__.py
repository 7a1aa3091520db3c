"""How anything outside talks to an app: over HTTP, in words, as people with browsers.

From the ground up:

- `apps`: is it an app? A new one, with an empty database, and what has to be forgotten for it.
- `gate`: stands in front of an app and notes what goes wrong behind it.
- `cookies`: reading them, copying them.
- `browser`: one visitor of one app.
- `transport`: the way to an app in this process, without a server, from any address.
- `server`: the way to an app over a real server; `serve` takes the one that works here.
- `words`: a status, an error, and a long text, to be shown.
- `asking`: one request in words: what was called, what came back, what was expected.
- `hints`: what is known of some errors.
- `forms`: the forms of a page.
- `people`: accounts, logins, and copied cookies.
- `encoded`, `cbor`, `p256`: bytes as text, small CBOR, and signatures, of which passkeys are made.
- `soft_key`: a key for passkeys without a device, and the part of a browser before it.
- `key_answers`: reading and checking what such a key answers.

Nothing here knows the finished app, the steps or anything else of the course.
"""

from flasklogin_tutorial.visit.apps import (
    NotAFlaskApp,
    forget,
    new_app,
    remove_documents,
    require_app,
)
from flasklogin_tutorial.visit.asking import BODY_WIDTH, Mismatch, Reply, ask, call_in_words
from flasklogin_tutorial.visit.browser import LOOPBACK, Browser, visit_of
from flasklogin_tutorial.visit.cookies import copy_cookies_into, forge_session, read_session
from flasklogin_tutorial.visit.encoded import Malformed
from flasklogin_tutorial.visit.forms import Form, find_form, read_forms, read_token
from flasklogin_tutorial.visit.hints import known_hint, likely_hint, own_code, raised_in
from flasklogin_tutorial.visit.installed import is_installed
from flasklogin_tutorial.visit.people import (
    NotLoggedIn,
    Person,
    add_user,
    copy_cookies,
    email_of,
    log_in,
    run_command,
    send_login,
    users_add,
)
from flasklogin_tutorial.visit.server import can_start_threads, serve
from flasklogin_tutorial.visit.soft_key import BrowserRefuses, SoftKey
from flasklogin_tutorial.visit.transport import in_process
from flasklogin_tutorial.visit.words import cut, describe_error, shorten, status_text

__all__ = [
    "BODY_WIDTH",
    "LOOPBACK",
    "Browser",
    "BrowserRefuses",
    "Form",
    "Malformed",
    "Mismatch",
    "NotAFlaskApp",
    "NotLoggedIn",
    "Person",
    "Reply",
    "SoftKey",
    "add_user",
    "ask",
    "call_in_words",
    "can_start_threads",
    "copy_cookies",
    "copy_cookies_into",
    "cut",
    "describe_error",
    "email_of",
    "find_form",
    "forge_session",
    "forget",
    "in_process",
    "is_installed",
    "known_hint",
    "likely_hint",
    "log_in",
    "new_app",
    "own_code",
    "raised_in",
    "read_forms",
    "read_session",
    "read_token",
    "remove_documents",
    "require_app",
    "run_command",
    "send_login",
    "serve",
    "shorten",
    "status_text",
    "users_add",
    "visit_of",
]
