"""Exercises to notebook 17: send a link."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from flask import Flask, request
from flask_login import login_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from flasklogin_tutorial.app.models import hash_secret, new_secret
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.raced import raced
from flasklogin_tutorial.exercises.written_tests import must_fail, must_pass
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import Mismatch, Reply, describe_error

User = step06.User

# ---- 17.1


class Link(step06.db.Document):
    """A link that was sent by mail.

    Attributes:
        token_hash: the hash of its token.
        name: whose password it changes.
        used: whether it was used.
    """

    token_hash = step06.db.StringField(required=True)
    name = step06.db.StringField(required=True)
    used = step06.db.BooleanField(default=False)


def send(app: Flask, to: str, text: str) -> None:
    """Put a mail into the outbox of an app.

    Args:
        app: the app.
        to: an address.
        text: what the mail says.
    """
    message = EmailMessage()
    message["To"] = to
    message.set_content(text)
    app.extensions["outbox"].append(message)


def broken_app():
    """Make the app of exercise 17.1. Something in it is wrong."""
    app = step06.create_app()
    app.extensions["outbox"] = []

    @app.post("/forgot")
    def forgot():
        user = User.objects(email=request.json["email"]).first()
        if user is not None:
            token = new_secret()
            Link(token_hash=hash_secret(token), name=user.name).save()
            send(app, user.email, f"https://app.example/reset?token={token}")
        return {"message": "If there is an account, a mail is on its way."}

    @app.post("/reset")
    def reset():
        link = Link.objects(token_hash=hash_secret(request.json["token"])).first()
        if link is None or link.used:
            return {"error": "this link is over"}, 404
        User.objects(name=link.name).update(password=request.json["password"])
        link.used = True
        return {"message": "The password is changed."}

    return app


def _new_link(ask: Ask, app: Flask, name: str) -> str:
    """Ask for a link, and return the token that was mailed."""
    sent = len(app.extensions["outbox"])
    asked = ask.send(ask.visitor(app), "POST", "/forgot", json={"email": f"{name}@example.org"})
    asked.must(
        asked.response.status_code == 200 and len(app.extensions["outbox"]) == sent + 1,
        f"200, and a mail to {name}",
        "Leave the way to a link as it was.",
    )
    text: str = app.extensions["outbox"][-1].get_content()
    return text.strip().rpartition("=")[2]


def _use(ask: Ask, app: Flask, token: str, password: str, who: str) -> Reply:
    """Choose a password with a link. The token is another one each time, so it is not shown."""
    return ask.send(
        ask.visitor(app),
        "POST",
        "/reset",
        json={"token": token, "password": password},
        shown="",
        who=f"{who}, to choose {password!r}",
    )


def _must_change(reply: Reply, name: str, password: str, hint: str) -> None:
    stored = User.objects(name=name).first().password
    reply.must(
        reply.response.status_code == 200 and stored == password,
        f"200, and {name}'s password is the one that was chosen",
        hint if reply.response.status_code != 200 else "The answer says that it was changed.",
    )


def _must_refuse(reply: Reply, name: str, password: str, hint: str) -> None:
    stored = User.objects(name=name).first().password
    reply.must(reply.response.status_code == 404, "404: this link is over", hint)
    reply.must(
        stored == password,
        f"404, and {name}'s password stays {password!r}",
        "The link is refused, and the password was changed all the same. What comes first?",
    )


@exercise(
    "17.1",
    "follow",
    "Find the mistake: a link that works twice",
    idea="A link is used up in the database, before the password changes, and by one alone.",
    answer="mended_app",
    begins_with="broken_app",
    hints=(
        "`link.used = True` changes an object in this process. What does the next request read?",
        "With `link.save()` the second use is refused. Now two come at once: both read a link that "
        "nobody has used. Who can tell them apart?",
        "As in notebook 17: do not ask whether the link was used. Delete it, and ask whether there "
        "was something to delete. `Link.objects(id=link.id).delete()` returns how many there were.",
        "if link is None or Link.objects(id=link.id).delete() == 0: refuse with 404; and below it "
        "change the password. The line with `link.used` goes.",
    ),
    not_checked="for how long a link works, and whether a new one ends the one before",
)
def _mended_app(ask: Ask) -> None:
    app = ask.app()
    for name in ("ada", "grace"):
        User(name=name, email=f"{name}@example.org", password="forgotten").save()
    for name in ("ada", "grace"):
        token = _new_link(ask, app, name)
        first = _use(ask, app, token, "chosen", "with the link")
        _must_change(first, name, "chosen", "A link works once, and this is the first time.")
        second = _use(ask, app, token, "stolen", "with the same link, a second time")
        _must_refuse(second, name, "chosen", "What did the first use change in the database?")
    other = _use(ask, app, new_secret(), "stolen", "with a token that nobody was sent")
    _must_refuse(other, "ada", "chosen", "There is no such link.")
    open_one = _new_link(ask, app, "grace")
    _use(ask, app, _new_link(ask, app, "ada"), "again", "with another link")
    _must_change(
        _use(ask, app, open_one, "hers", "with her link, after Ada has used one"),
        "grace",
        "hers",
        "Use up the link that was sent, and no other.",
    )
    _must_be_used_by_one(ask, app)


def _must_be_used_by_one(ask: Ask, app: Flask) -> None:
    """Raise `Mismatch` unless one of two who use a link at the same moment is refused."""
    token, rivals = _new_link(ask, app, "ada"), list[Reply]()

    def come_in_between() -> None:
        rivals.append(_use(ask, app, token, "theirs", "in between, with the same link"))

    with raced(Link, come_in_between):
        mine = _use(ask, app, token, "mine", "while somebody else uses the same link")
    statuses = sorted(one.response.status_code for one in [mine, *rivals])
    mine.must(
        statuses == [200, 404],
        "one of the two is answered 200, and the other 404",
        "Both looked before either wrote. Let the database say who came first."
        if statuses == [200, 200]
        else "Does the use of a link write to its collection?",
    )
    winner = "mine" if mine.response.status_code == 200 else "theirs"
    stored = User.objects(name="ada").first().password
    mine.must(
        stored == winner,
        "the password is the one of whoever was answered 200",
        "The password was changed before it was known who came first.",
    )


# ---- 17.2


@exercise(
    "17.2",
    "apply",
    "Bind a signed link to its purpose and to the password",
    idea="What the signature covers ends the token when it changes: nothing has to be kept.",
    answer="serializer_of",
    hints=(
        "The signature is made of the key, of the token and of the `salt`. A token is good while "
        "all three are the same. Which two things are to end it?",
        "The salt is one text. Put both into it, the purpose and the hash.",
        "With nothing between them, `reset` and `1x` give the same text as `reset1` and `x`. Put a "
        "sign between them that no purpose has, such as a colon.",
        'return URLSafeTimedSerializer(key, salt=f"{purpose}:{password_hash}")',
    ),
    not_checked="whether two use a link at the same moment: that takes a record",
)
def _serializer_of(ask: Ask) -> None:
    key, hashed = "k" * 32, "scrypt:32768:8:1$salt$" + "0" * 40
    _must_be_one(ask, key, "reset", hashed)
    for purpose, other in (("reset", "confirm"), ("confirm", "reset")):
        _must_not_pass(
            ask,
            (key, purpose, hashed),
            (key, other, hashed),
            "Nothing in the signature says what the token is for.",
        )
    _must_not_pass(
        ask,
        (key, "reset", hashed),
        (key, "reset", hashed[:-1] + "1"),
        "The password has changed, and the token does not know.",
    )
    _must_not_pass(
        ask,
        (key, "reset", hashed),
        ("j" * 32, "reset", hashed),
        "Whoever has no key could make such a token: sign with the key.",
    )
    _must_not_pass(
        ask,
        (key, "reset", "1x"),
        (key, "reset1", "x"),
        "Both give one text. Put a sign between the purpose and the hash.",
    )


def _made(ask: Ask, key: str, purpose: str, hashed: str) -> URLSafeTimedSerializer:
    found = ask(key, purpose, hashed, expected="a URLSafeTimedSerializer")
    ask.must(
        isinstance(found, URLSafeTimedSerializer),
        f"serializer_of(key, {purpose!r}, password_hash)",
        f"{found!r:.60}",
        "a URLSafeTimedSerializer",
        "Nothing came back. Is `return` there?"
        if found is None
        else "It is the one of itsdangerous that knows when a token was made.",
    )
    made: URLSafeTimedSerializer = found
    return made


def _must_be_one(ask: Ask, key: str, purpose: str, hashed: str) -> None:
    """Raise `Mismatch` unless a token passes where nothing has changed."""
    token = _made(ask, key, purpose, hashed).dumps("ada")
    called = "a token is made, and read with the same key, purpose and hash"
    try:
        found = _made(ask, key, purpose, hashed).loads(token, max_age=60)
    except BadSignature as error:
        hint = "Nothing has changed. Is something in the salt that is another each time?"
        raise Mismatch(called, describe_error(error), "it passes", hint) from error
    ask.must(found == "ada", called, f"{found!r:.40}", "'ada'", "Leave the token as it is.")


def _must_not_pass(
    ask: Ask, made: tuple[str, str, str], read: tuple[str, str, str], hint: str
) -> None:
    """Raise `Mismatch` if a token passes that was made for something else."""
    token = _made(ask, *made).dumps("ada")
    shown = [
        f"({'key' if one[0] == 'k' * 32 else 'another key'}, {one[1]!r}, {one[2][-6:]!r})"
        for one in (made, read)
    ]
    try:
        _made(ask, *read).loads(token, max_age=60)
    except BadSignature:
        return
    called = f"a token made with {shown[0]}, read with {shown[1]}"
    raise Mismatch(called, "it passes", "BadSignature", hint)


# ---- 17.3

#: What a page of a link shows.
_FORM = '<form method="post"><input name="password"> <button>Change</button></form>'


def link_app(on_look=None, on_use=None):
    """Make an app in which ada can choose a new password with a link.

    Args:
        on_look: what a look at the page does besides: a function of the open links, which map a
            token to a name, and the token.
        on_use: what the use of a link does: a function of the name and the new password.
    """
    app = step06.create_app()
    app.extensions["outbox"], links = [], {}

    @app.post("/forgot")
    def forgot():
        token = new_secret()
        links[token] = User.objects(email=request.json["email"]).first().name
        send(app, request.json["email"], f"/reset/{token}")
        return {"message": "A mail is on its way."}

    @app.get("/reset/<token>")
    def page(token):
        if token not in links:
            return {"error": "this link is over"}, 404
        return (on_look and on_look(links, token)) or _FORM

    @app.post("/reset/<token>")
    def reset(token):
        if token not in links:
            return {"error": "this link is over"}, 404
        (on_use or _change)(links.pop(token), request.form["password"])
        return {"message": "The password is changed."}

    User(name="ada", email="ada@example.org", password="forgotten").save()
    return app


def new_link(app):
    """Let ada ask for a link, and return its path."""
    app.test_client().post("/forgot", json={"email": "ada@example.org"})
    return app.extensions["outbox"][-1].get_content().strip()


def _change(name: str, password: str) -> None:
    User.objects(name=name).update(password=password)


def _spend_on_head(links: dict[str, str], token: str) -> None:
    if request.method == "HEAD":
        del links[token]


def _spend_on_get(links: dict[str, str], token: str) -> None:
    if request.method == "GET":
        del links[token]


def _spend_later() -> Callable[[dict[str, str], str], None]:
    """Return what uses a link up when its page is opened for the second time."""
    seen: set[str] = set()

    def look(links: dict[str, str], token: str) -> None:
        if request.method == "GET" and token in seen:
            del links[token]
        if request.method == "GET":
            seen.add(token)

    return look


def _log_in(links: dict[str, str], token: str) -> None:
    login_user(User.objects(name=links[token]).first())


def _make_up(links: dict[str, str], token: str) -> None:
    _change(links[token], "made up by the app")


def _show_nothing(links: dict[str, str], token: str) -> Any:
    return {"error": "open this link in the app"}, 404


#: What is broken, how, and where to look.
_BROKEN_LINKS: tuple[tuple[str, dict[str, Any], str], ...] = (
    (
        "an app in which to open the page uses the link up",
        {"on_look": _spend_on_get},
        "Open the page with GET, and use the link afterwards: the password has to be the new one.",
    ),
    (
        "an app in which HEAD uses the link up",
        {"on_look": _spend_on_head},
        "A scanner may ask for the head of the page alone: client.head(link).",
    ),
    (
        "an app in which the second look uses the link up",
        {"on_look": _spend_later()},
        "Two scanners may stand in front of one mailbox. Look more than once.",
    ),
    (
        "an app that logs in whoever opens the page",
        {"on_look": _log_in},
        "Is the scanner logged in afterwards? POST /user_info tells, with its own client.",
    ),
    (
        "an app that gives ada a made-up password when the page is opened",
        {"on_look": _make_up},
        "Look up ada's password before the link is used: it has to be the old one.",
    ),
    (
        "an app in which the page of the link is not shown",
        {"on_look": _show_nothing},
        "Whoever opens the link has to see the form: ask for the status of the look.",
    ),
    (
        "an app in which the link changes nothing",
        {"on_use": lambda name, password: None},
        "A test that only looks is green on an app whose links do nothing. Use the link.",
    ),
)


@exercise(
    "17.3",
    "stretch",
    "Test that to look at a link spends nothing",
    idea="A look is safe when nothing is different after it, and the link still does its work.",
    answer="test_look",
    hints=(
        "What could be different after a look? The link, the password, and who is logged in.",
        "Let one client look, with head() and get(), and another one use the link afterwards. "
        "Between the two, ask what is stored and who the first client is.",
        'The scanner is nobody if scanner.post("/user_info").json["result"] is 401. The password '
        'is User.objects(name="ada").first().password. Ask for it before and after the use.',
        "for look in (scanner.head, scanner.get, scanner.get): assert look(link).status_code == "
        "200; then assert the result is 401 and the password is the old one; then post the new "
        "one to the link, and assert that it is stored",
    ),
    not_checked="whether your test notices a link that works twice; and what a look writes "
    "elsewhere, such as a line in a log",
)
def _test_look(ask: Ask) -> None:
    good = "an app that keeps the rule"
    hint = "Here the page answers GET and HEAD with 200, nobody is logged in, and the link changes "
    hint += "the password afterwards. Is that what your test expects?"
    must_pass(ask, ask.fresh(link_app), on=good, hint=hint)
    for on, broken, look in _BROKEN_LINKS:
        must_fail(ask, _with(ask, **broken), on=on, hint=look)
    must_pass(ask, ask.fresh(link_app), on=f"another app, which is {good}", hint=hint)


def _with(ask: Ask, **broken: Any) -> Flask:
    return ask.fresh(lambda *_: link_app(**broken))
