"""What each call demands, tried by everybody with everything, and compared with the table."""

import json

import pytest

from flasklogin_tutorial.app import accounts, links, registrations, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.models import ApiToken, Login, Passkey
from flasklogin_tutorial.visit import in_process
from flasklogin_tutorial.visit.soft_key import SoftKey

from .access import ADMIN, CALLS, EVERYBODY, LOGGED_IN, OWNER_OR_ADMIN, REGISTRATION
from .conftest import (
    ALL_THERE_IS,
    PASSWORDS,
    QUEUED,
    credentials,
    csrf_token,
    log_in,
    populate,
    snapshot,
    stored,
)
from .conftest import PAGE as ACCEPT_PAGE
from .keys import LOGIN, ORIGINS, ask, give_passkey, question_to
from .keys import NEW as NEW_PASSKEY
from .phones import give_factor, give_recovery_code, has_old_factor, show_seed_to

#: Who asks: bob is the user whom it is about where it is about one, and ada is an administrator.
MAY = {
    EVERYBODY: {None, "ada", "bob", "cy"},
    LOGGED_IN: {"ada", "bob", "cy"},
    OWNER_OR_ADMIN: {"ada", "bob"},
    ADMIN: {"ada"},
}
#: By what they are known.
KNOWN_BY = ["a fresh login", "an old login", "an API token"]
VISITORS = [(None, "nothing"), *[(name, how) for name in PASSWORDS for how in KNOWN_BY]]


@pytest.fixture
def app(make_app):
    """Make an app with all that there is: mail, accounts that people make, and second factors."""
    return populate(make_app(**ALL_THERE_IS))


def allowed(call, name, how):
    """Tell what the table says."""
    if name not in MAY[call.who]:
        return False
    if how == "an API token":
        return call.token
    return how != "an old login" or not call.recent


def visit(app, name, how, later):
    """Open the browser of somebody who is known by something."""
    if name is None:
        return in_process(app)
    if how == "an API token":
        program = in_process(app)
        with app.app_context():
            made = tokens.create(accounts.find(name), "a test", by=OPERATOR)
        program.headers["Authorization"] = f"Bearer {made}"
        return program
    browser = log_in(app, name)
    if how == "an old login":
        later(minutes=16)
    return browser


def send(app, call, browser, name):
    """Send a call, filled in for whoever sends it."""
    path = call.path.replace("<user_id>", str(stored("bob")["_id"]))
    path = path.replace("<filename>", "style.css")
    if name is not None:
        me = stored(name)["_id"]
        if "<token_id>" in path:
            with app.app_context():
                tokens.create(accounts.find(name), "to be revoked", by=OPERATOR)
            path = path.replace("<token_id>", str(ApiToken.objects(user=me).order_by("-id")[0].id))
        if "<login_id>" in path:
            log_in(app, name)
            path = path.replace("<login_id>", str(Login.objects(user=me).order_by("-id")[0].id))
        if "<passkey_id>" in path:
            give_passkey(app, name)
            path = path.replace("<passkey_id>", str(Passkey.objects.get(user=me).id))
    link = link_for(app, call, name)
    path = path.replace("<token_id>", "0" * 24).replace("<login_id>", "0" * 24)
    path = path.replace("<passkey_id>", "0" * 24)
    if call.path == "/" and call.verb == "GET":
        return browser.get("/?name=bob")
    if call.path == "/login" and call.verb == "POST":
        return browser.post(path, json=credentials("bob"))
    if call.path == "/login/code" and call.verb == "POST":
        give_factor(app, "bob")
        # The password is no part of the call, whose writes somebody may count.
        type(browser).request(browser, "POST", "/login", json=credentials("bob"))
        return browser.post(path, json={"code": give_recovery_code("bob")})
    if call.path == "/" and call.sent:
        own = "password" in call.sent and call.sent["name"] == name
        more = {"current_password": PASSWORDS[name]} if own else {}
        return browser.request(call.verb, path, json=call.sent | more)
    if call.sent is None:
        path += f"?token={link}" if link else ""
        return browser.request(call.verb, path, headers=ACCEPT_PAGE, allow_redirects=False)
    form = dict(call.sent)
    if call.path == "/account/password":
        form["current_password"] = PASSWORDS[name or "bob"]
    if link:
        form["token"] = link
    if call.path.startswith("/account/second-factor/"):
        form["code"] = code_for(app, call, name)
    if call.path.endswith("/passkeys/recovery-codes") and name is not None:
        give_passkey(app, name)
    if call.path in (LOGIN, NEW_PASSKEY):
        form |= passkey_form(app, call, browser, name)
    form["csrf_token"] = csrf_token(browser.get("/login", headers=ACCEPT_PAGE))
    return browser.post(path, data=form, headers=ACCEPT_PAGE, allow_redirects=False)


def link_for(app, call, name):
    """Make the link that a call takes: of bob, or where it is one's own, of whoever calls."""
    if call.path == "/welcome":
        with app.app_context():
            return registrations.keep("dora", "dora@example.org")
    purpose = {"/reset": links.RESET, "/confirm": links.CONFIRM}.get(call.path)
    if purpose is None:
        return None
    user = stored(name if name and purpose == links.CONFIRM else "bob")
    with app.app_context():
        whose = {"email": user["email"], "epoch": user["login_epoch"]}
        return links.make(user["_id"], purpose, **whose)


def passkey_form(app, call, browser, name):
    """Fill in what a passkey answers: one of bob to log in, a new one of whoever calls else."""
    if call.path == LOGIN:
        if "Authorization" in browser.headers:  # the page that asks is not for programs either
            return {"answer": "{}"}
        key, asked = give_passkey(app, "bob"), ask(browser, LOGIN)
        return {"answer": json.dumps(key.sign(asked.options, ORIGINS["app.example"]))}
    login = name and Login.objects(user=stored(name)["_id"]).order_by("-id").first()
    if not login:
        return {"label": "x", "answer": "{}"}
    question = question_to(login)
    return {
        "label": "x",
        "answer": json.dumps(SoftKey().register(question, ORIGINS["app.example"])),
    }


def code_for(app, call, name):
    """Return the code that a call of the second factor takes from whoever sends it."""
    if name is None:
        return "000000"
    if call.path.endswith("/begin"):
        login = Login.objects(user=stored(name)["_id"]).order_by("-id").first()
        return show_seed_to(app, login).code() if login is not None else "000000"
    return has_old_factor(app, name)


def was_refused(answer):
    if answer.is_redirect:
        return answer.headers["Location"].startswith("/login?next=")
    assert answer.status_code in (200, 201, 202, 401, 403), answer.text
    return answer.status_code in (401, 403)


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda visitor: f"{visitor[0]} by {visitor[1]}")
@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_call_demands_what_the_table_says(app, call, visitor, later, events):
    name, how = visitor
    browser = visit(app, name, how, later)
    own = ("/second-factor/recovery-codes", "/second-factor/remove")
    if name is not None and call.path.endswith(own):
        has_old_factor(app, name)
    users = snapshot()["User"]
    refused = was_refused(send(app, call, browser, name))
    assert refused == (not allowed(call, name, how))
    lines = [line for line in events() if line["event"] == "refused"]
    if refused:
        assert snapshot()["User"] == users
    if not refused or (name is None and call.verb == "GET"):  # who has just come is sent to /login
        assert lines == []
        return
    (line,) = lines
    assert line["call"].startswith(f"{call.verb} {call.path.partition('<')[0]}")
    assert line["by"] == (name and str(stored(name)["_id"]))
    assert line["known_by"] == (name and ("token" if how == "an API token" else "login"))
    if "<user_id>" in call.path:
        assert line["user"] == str(stored("bob")["_id"])


def test_the_table_has_every_call(app):
    adapter = app.url_map.bind("localhost")
    listed = {(adapter.match(one.path, one.verb)[0], one.verb) for one in CALLS}
    there = {
        (rule.endpoint, verb)
        for rule in app.url_map.iter_rules()
        for verb in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert listed == there


@pytest.mark.parametrize("call", [one for one in CALLS if one.only], ids=str)
def test_a_call_that_needs_more_of_the_app_is_not_there_without(make_app, call):
    app = populate(make_app(**QUEUED if call.only == REGISTRATION else {}))
    path = call.path.replace("<user_id>", str(stored("bob")["_id"]))
    if call.sent is None:
        answer = log_in(app, "ada").get(path, headers=ACCEPT_PAGE)
    else:
        browser = log_in(app, "ada")
        form = {"csrf_token": csrf_token(browser.get("/account", headers=ACCEPT_PAGE))}
        answer = browser.post(path, data=form | call.sent, headers=ACCEPT_PAGE)
    assert answer.status_code == 404


def test_the_table_has_every_deed_of_the_people_page():
    from flasklogin_tutorial.app.views.pages import DEEDS

    listed = {one.path.rpartition("/")[2] for one in CALLS if one.path.startswith("/people/<")}
    assert listed == {*DEEDS, "delete"}
