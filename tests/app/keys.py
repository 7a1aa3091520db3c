"""Passkeys for the tests: what a page asks, what a key answers, and sending the answer."""

import html
import json
import re
from dataclasses import dataclass

from flasklogin_tutorial.app import passkeys
from flasklogin_tutorial.app.challenges import REGISTER
from flasklogin_tutorial.app.models import Challenge, Passkey, User, hash_secret
from flasklogin_tutorial.visit.encoded import to_text
from flasklogin_tutorial.visit.soft_key import SoftKey

from .conftest import PAGE, csrf_token

OWN, NEW, LOGIN = "/account/passkeys", "/account/passkeys/new", "/login/passkey"

#: Where the app is reached, as it is with PASSKEYS alone.
ORIGIN = "http://localhost:5000"

#: Where apps of the tests are reached, by the host that their passkeys are for.
ORIGINS = {"localhost": ORIGIN, "app.example": "https://app.example"}


@dataclass
class Asked:
    """A page that asks for a passkey.

    Attributes:
        path: where its form goes.
        token: of the form.
        options: what the script hands to the browser.
    """

    path: str
    token: str
    options: dict


def ask(browser, path):
    """Open a page that asks for a passkey."""
    page = browser.get(path, headers=PAGE, allow_redirects=False)
    assert page.status_code == 200, page.text
    return read_question(page, path)


def read_question(page, path):
    options = json.loads(html.unescape(re.search(r"data-options='([^']*)'", page.text)[1]))
    return Asked(path, csrf_token(page), options)


def send(browser, asked, answer, **form):
    """Send an answer, as the form does once the script has put it there."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    fields = {"csrf_token": asked.token, "answer": text, **form}
    return browser.post(asked.path, data=fields, headers=PAGE, allow_redirects=False)


def make(browser, key, label="blue key", *, origin=None, **how):
    """Add a passkey on the page; return the answer."""
    asked = ask(browser, NEW)
    where = origin or ORIGINS[asked.options["rp"]["id"]]
    return send(browser, asked, key.register(asked.options, where, **how), label=label)


def add(browser, label="blue key", **made):
    """Add a passkey on the page; return the key that has it."""
    key = SoftKey(**made)
    done = make(browser, key, label)
    assert done.status_code == 201, done.text
    return key


def log_in_by(browser, key, *, origin=None, careless=False, **form):
    """Log in with a key; return the answer."""
    asked = ask(browser, LOGIN)
    where = ORIGINS[asked.options["rpId"]] if origin is None else origin
    return send(browser, asked, key.sign(asked.options, where, careless=careless), **form)


def give_passkey(app, name, label="blue key"):
    """Let somebody have had a passkey for long, unless they do; return the key that has it."""
    key = SoftKey(seed=sum(name.encode()))
    with app.app_context():
        user, site = User.objects.get(name=name), passkeys.site()
        handle = to_text(passkeys._handle_of(user.id))
        options = {"rp": {"id": site.host}, "user": {"id": handle}, "challenge": "AA"}
        key.register(options, site.whole)
        [made] = key.credentials
        kept = {"public_key": made.public_key, "user": user.id, "label": label}
        if not Passkey.objects(credential_id=to_text(made.id)):
            Passkey(credential_id=to_text(made.id), **kept).save()
    return key


def question_to(login):
    """Let a login have been asked for a new passkey, and return what its page says."""
    challenge = to_text(b"a challenge of 32 bytes" + login.id.binary)
    Challenge(
        challenge_hash=hash_secret(challenge),
        purpose=REGISTER,
        browser_hash=login.token_hash,
        until=login.until,
    ).save()
    return {"rp": {"id": "app.example"}, "user": {"id": "AA"}, "challenge": challenge}


def remove(browser, label="blue key"):
    """Press the button beside a passkey."""
    page = browser.get(OWN, headers=PAGE)
    found = re.search(
        rf'action="([^"]+/remove)"(?:(?!</li>).)*the passkey {label}<', page.text, re.S
    )
    form = {"csrf_token": csrf_token(page)}
    return browser.post(found[1], data=form, headers=PAGE, allow_redirects=False)
