"""Schemathesis reads the OpenAPI document, and sends whatever it can think of to the app.

Its engine runs here and not its plugin for pytest, which hands out single cases. The engine also
goes through the limits of every field and the methods that are not there.
"""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from flasklogin_tutorial.app import links, registrations, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.models import DOCUMENTS, HalfLogin, User, now
from flasklogin_tutorial.visit import in_process

from .conftest import ALL_THERE_IS, PASSWORDS, log_in, populate, snapshot
from .phones import OLD_CODE, has_old_factor, type_password

pytestmark = pytest.mark.slow

#: The fewest requests of each of the five visitors, so there are 8,500 at least.
REQUESTS = 1700

#: What nobody can think of. Without it every request would end where something is looked up.
KNOWN = {
    "names": ["bob", "cy", "dora"],
    "passwords": [PASSWORDS["bob"], PASSWORDS["cy"], "a quite different password"],
    "codes": ["000000", OLD_CODE],
    "addresses": ["bob@example.org", "dora@example.org"],
    "links": [
        "what a reset link carries",
        "what a confirmation link carries",
        "what a registration link carries",
    ],
}
#: What a visitor knows instead, where two of them have to meet in one request. Hypothesis also
#: tries the constants of all modules that are loaded, so how often they meet by chance hangs on
#: which other tests there are.
KNOWN_TO = {
    "bob": {"links": KNOWN["links"][:2]},
    "cy, before the code": {"names": ["cy"], "passwords": [PASSWORDS["cy"]]},
}
PURPOSES = (links.RESET, links.CONFIRM)
LIMITS = [
    "SIGN_IN_LIMIT_PER_ADDRESS",
    "NEW_PASSWORD_LIMIT",
    "MAIL_LIMIT_PER_RECIPIENT",
    "MAIL_LIMIT_PER_ADDRESS",
    "CODE_LIMIT",
]

#: On a busy machine all these requests take longer than a login stays fresh, and than the minutes
#: after which it is written down that it was used: a write that no request asked for.
PATIENT = {"FRESH_MINUTES": 600, "LAST_SEEN_MINUTES": 300, "IDLE_MINUTES": 600}
FIELDS = {
    "query.name": "names",
    "body.name": "names",
    "body.username": "names",
    "body.password": "passwords",
    "body.current_password": "passwords",
    "body.email": "addresses",
    "query.token": "links",
    "body.token": "links",
    "body.code": "codes",
}
CONFIG = {
    "seed": 1,
    "parameters": {
        field: {"dictionary": name, "probability": 0.5} for field, name in FIELDS.items()
    },
    "continue-on-failure": True,
    "checks": {
        # The document says that a name has 64 characters at most. It cannot say that none of them
        # may be invisible, so not everything that fits the document is accepted.
        "positive_data_acceptance": {"enabled": False},
        # Fails by itself where there is no HTTP server: Schemathesis 4.32 hands Werkzeug's client
        # an argument of requests. What wrong credentials get is in test_tokens.py.
        "ignored_auth": {"enabled": False},
    },
}
GENERATION = {"max-examples": 280, "deterministic": True, "database": "none"}

#: What each visitor has to bring about: operations, and the answer that says that it was done.
DONE = {
    "nobody": {"GET /": 200, "GET /login": 200, "POST /login": 200, "POST /logout": 200},
    "bob": {
        "GET /forgot": 200,
        "POST /forgot": 202,
        "POST /reset": 200,
        "POST /confirm": 200,
        "GET /": 200,
        "POST /": 200,
        "DELETE /": 200,
        "POST /user_info": 200,
    },
    "ada": {"PUT /": 201, "POST /": 200, "DELETE /": 200, "POST /user_info": 200},
    "cy, before the code": {"POST /login": 202, "POST /login/code": 200, "GET /login/code": 200},
    "a program of ada": {"GET /": 200, "PUT /": 201, "POST /user_info": 200},
}


class Rewinding:
    """A WSGI callable in front of an app: each request finds the database as it was at first.

    So no answer hangs on the requests before it.

    Attributes:
        answers: for each method and path, how often it was answered with which status.
        half_done: the requests that were refused and changed the database all the same.
    """

    def __init__(self, app):
        self.app, self.answers, self.half_done = app, defaultdict(Counter), []
        self.first = snapshot()

    def __call__(self, environ, start_response):
        environ["REMOTE_ADDR"] = "127.0.0.1"  # from where the visitors logged in
        if snapshot() != self.first:
            self.rewind()
        what = "{REQUEST_METHOD} {PATH_INFO}".format(**environ)
        statuses = []

        def note(status, *more):
            statuses.append(int(status[:3]))
            return start_response(status, *more)

        answer = self.app(environ, note)
        self.answers[what].update(statuses)
        if statuses[-1] >= 400 and snapshot() != self.first:
            self.half_done.append((what, statuses))
        return answer

    def rewind(self):
        for kind in DOCUMENTS:
            kind._get_collection().delete_many({})
            if self.first[kind.__name__]:
                kind._get_collection().insert_many(self.first[kind.__name__])


def credentials_of(visitor, app):
    """Return how a visitor shows who they are, in the words of the document."""
    if visitor == "nobody":
        return {}
    if visitor == "a program of ada":
        with app.test_request_context():
            token = tokens.create(User.objects.get(name="ada"), "fuzzer", by=OPERATOR)
        return {"auth": {"openapi": {"token": {"bearer": token}}}}
    if visitor.startswith("cy"):
        has_old_factor(app, "cy")
        browser = in_process(app)
        type_password(browser, "cy")
        # A busy machine may need longer than the minutes of half a login.
        HalfLogin.objects.update(until=now() + timedelta(days=1))
    else:
        browser = log_in(app, visitor)
    session = browser.cookies["session"]
    return {"auth": {"openapi": {"session": {"api_key": session}}}}


def make_links(app):
    """Make the links that are known, for bob."""
    bob, made = User.objects.get(name="bob"), dict(zip(PURPOSES, KNOWN["links"][:2], strict=True))
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        for purpose, secret in made.items():
            patch.setattr(links, "new_secret", lambda secret=secret: secret)
            links.make(bob.id, purpose, email=bob.email, epoch=bob.login_epoch)
        patch.setattr(registrations, "new_secret", lambda: KNOWN["links"][2])
        registrations.keep("dora", "dora@example.org")


def problems(event):
    """List what is wrong in something that the engine reports."""
    if isinstance(event, events.NonFatalError):
        yield f"{event.label}: {event.value!r}"
    elif isinstance(event, events.FatalError):
        yield repr(event.exception)
    elif isinstance(event, events.ScenarioFinished):
        for checks in event.recorder.checks.values():
            for check in checks:
                if check.status not in (Status.SUCCESS, Status.SKIP):
                    why = check.failure_info and check.failure_info.failure
                    yield f"{event.label}: {check.name}: {why}"


# Hypothesis says so of a large input, before anything has failed.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("visitor", DONE)
def test_every_answer_is_as_documented_and_none_is_a_server_error(make_app, visitor):
    # As in production: a failure of the app is a 500, and not an exception in the client.
    limits = dict.fromkeys(LIMITS, "9999 per hour")
    app = populate(make_app(PROPAGATE_EXCEPTIONS=False, **ALL_THERE_IS, **PATIENT, **limits))
    make_links(app)
    credentials = credentials_of(visitor, app)
    front = Rewinding(app)
    # Invented credentials would stand in for right ones.
    generation = GENERATION | {"with-security-parameters": not credentials}
    known = {
        name: {"values": values} for name, values in (KNOWN | KNOWN_TO.get(visitor, {})).items()
    }
    config = SchemathesisConfig.from_dict(
        CONFIG | credentials | {"generation": generation, "dictionaries": known}
    )
    document = schemathesis.openapi.from_wsgi("/openapi.json", front, config=config)

    wrong = [line for event in from_schema(document).execute() for line in problems(event)]
    assert not wrong, "\n".join(wrong)
    assert front.half_done == []
    for operation, status in DONE[visitor].items():
        assert front.answers[operation][status], f"no {operation} was answered with {status}"
    sent = sum(front.answers.values(), Counter())
    assert max(sent) < 500
    assert sent.total() >= REQUESTS
