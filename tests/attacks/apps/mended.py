"""Step 06 with one hole closed each, and the attacks that have to fail then.

A fix is a few replacements in the text of step 06. It is as small as it can be, so that the attacks
on the other holes still get in.
"""

import sys
import types
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from flasklogin_tutorial.steps import step06_logout_and_user_info as step06

SOURCE = Path(step06.__file__)


@dataclass(frozen=True)
class Fix:
    """A hole that is closed.

    Attributes:
        name: what was mended.
        stops: the attacks that fail from then on.
        replacements: what is replaced in step 06, and by what.
        imports: what the new code needs.
    """

    name: str
    stops: set[str]
    replacements: dict[str, str]
    imports: str = ""


def create_mended(fix):
    """Return the `create_app` of step 06 with a fix."""
    source = SOURCE.read_text(encoding="utf-8")
    for old, new in fix.replacements.items():
        assert source.count(old) == 1, f"{source.count(old)} times in step 06: {old}"
        source = source.replace(old, new)
    source = source.replace("\nimport json\n", f"\nimport json\n{fix.imports}\n")
    module = types.ModuleType("mended_step06")
    module.__file__ = str(SOURCE)
    sys.modules[module.__name__] = module
    exec(compile(source, module.__name__, "exec"), vars(module))
    return module.create_app


def before(line, code):
    """Return a replacement that puts code before a line, at the same depth."""
    depth = " " * (len(line) - len(line.lstrip(" ")))
    return {line: indent(code, depth) + "\n" + line}


def for_every_answer(code):
    """Return a replacement that does something with every response."""
    body = indent(f"{code}\nreturn response", " " * 4)
    return before("    return app\n", f"@app.after_request\ndef add(response):\n{body}")


# ---- lines of step 06

CONFIGURE = "    app.config.from_prefixed_env()"
LOAD_USER = "        return User.objects(id=user_id).first()"
READ_LOGIN = "        info = json.loads(request.data)"
FIND_LOGIN = "        user = User.objects(name=username, password=password).first()"
LOG_OUT = "        logout_user()\n        return"
CREATE = '        user = User(name=record["name"], password=record["password"]'
WRITE = '        user.update(email=record["email"], password=record["password"])'
FIND = """\
        user = User.objects(name=record["name"]).first()
        if user is None:
            return jsonify(error="data not found")
"""
READ_UPDATED = f"        record = json.loads(request.data)\n{FIND}{WRITE}"
FIND_UPDATED = f"{FIND}{WRITE}"
FIND_DELETED = f"{FIND}        user.delete()"
SHOW_RECORD = """\
            return jsonify(error="data not found")
        return jsonify(user.public())

    @app.route("/", methods=["PUT"])"""

# ---- pieces of fixes

ONLY_JSON = 'if request.mimetype != "application/json":\n    return "", 415'
ONLY_OWNER = 'if record["name"] != current_user.name:\n    return "", 403'

GOOD_PASSWORD = """\
if not re.fullmatch(r"(?!.*(password|12345|qwerty|aaaa)).{15,}", record["password"]):
    return "", 422"""

#: The id in the cookie grows a number, and a login with an old number is over.
EPOCHS = {
    "    email = db.StringField()": (
        "    email = db.StringField()\n    epoch = db.IntField(default=0)"
    ),
    "        return str(self.id)": '        return f"{self.id}.{self.epoch}"',
    LOAD_USER: """\
        identity, _, epoch = user_id.partition(".")
        return User.objects(id=identity, epoch=int(epoch or 0)).first()""",
}

FIXES = [
    Fix(
        "a secret key that nobody knows",
        {"forged-session-cookie", "forged-remember-cookie"},
        {'"some key"': "os.urandom(16)"},
        "import os",
    ),
    Fix(
        "cookie flags",
        # A cookie that does not go along from elsewhere cannot be misused from there.
        {"missing-cookie-flags", "cross-site-write", "cross-site-logout"},
        before(
            CONFIGURE,
            'app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")',
        ),
    ),
    Fix(
        "a limit on bodies",
        {"oversize-body"},
        before(CONFIGURE, 'app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024'),
    ),
    Fix(
        "401 for a wrong password",
        {"refusal-says-200"},
        {'Password Error")': 'Password Error"), 401'},
    ),
    Fix(
        "an id that is no id is nobody",
        {"broken-ids"},
        before(LOAD_USER, "if not ObjectId.is_valid(user_id):\n    return None"),
        "from bson import ObjectId",
    ),
    Fix(
        "no host and no cookie that a library trips over",
        {"header-crashes"},
        before(
            "    return app\n",
            """\
@app.before_request
def refuse():
    host, cookie = (request.headers.get(name, "") for name in ("Host", "Cookie"))
    if "xn--" in host or not cookie.isascii():
        return "", 400""",
        ),
    ),
    Fix(
        "texts only, at the login",
        {"operator-logs-in", "operator-picks-a-user", "regex-oracle"},
        before(
            FIND_LOGIN,
            'if not (isinstance(username, str) and isinstance(password, str)):\n    return "", 422',
        ),
    ),
    Fix(
        "texts only, when deleting",
        {"operator-in-a-record"},
        before(FIND_DELETED, 'if not isinstance(record["name"], str):\n    return "", 422'),
    ),
    Fix("only the owner updates", {"anyone-edits-anyone"}, before(FIND_UPDATED, ONLY_OWNER)),
    Fix(
        "only the owner deletes",
        # The owner's name is a text, which an operator is not.
        {"anyone-deletes-anyone", "operator-in-a-record"},
        before(FIND_DELETED, ONLY_OWNER),
    ),
    Fix(
        "a unique index",
        {"duplicate-names"},
        {"    name = db.StringField()": "    name = db.StringField(unique=True)"},
    ),
    Fix(
        "no e-mail for strangers",
        {"stranger-reads-email"},
        {SHOW_RECORD: SHOW_RECORD.replace("user.public()", "name=user.name")},
    ),
    Fix(
        "no framing, no guessing of types",
        {"framed-or-misread"},
        for_every_answer(
            'response.headers["X-Frame-Options"] = "DENY"\n'
            'response.headers["X-Content-Type-Options"] = "nosniff"'
        ),
    ),
    Fix(
        "no caching",
        {"private-answer-cached"},
        for_every_answer('response.headers["Cache-Control"] = "no-store"'),
    ),
    Fix("only JSON, at the login", {"login-csrf"}, before(READ_LOGIN, ONLY_JSON)),
    Fix("only JSON, when updating", {"cross-site-write"}, before(READ_UPDATED, ONLY_JSON)),
    Fix(
        "no logout from elsewhere",
        {"cross-site-logout"},
        before(
            LOG_OUT,
            'if request.headers.get("Sec-Fetch-Site") == "cross-site":\n    return "", 403',
        ),
    ),
    Fix(
        "ten tries for a name",
        # The oracle needs more than ten questions, and nobody can log in a hundred times.
        {"unbounded-guessing", "regex-oracle", "bounded-by-nothing"},
        before(
            FIND_LOGIN,
            "tries[str(username)] += 1\nif tries[str(username)] > 10:\n    return '', 429",
        ),
        "import collections\ntries = collections.Counter()",
    ),
    Fix(
        "a hundred and fifty tries for an address",
        {"password-spraying"},
        before(
            READ_LOGIN,
            "tries[request.remote_addr] += 1\n"
            "if tries[request.remote_addr] > 150:\n"
            "    return '', 429",
        ),
        "import collections\ntries = collections.Counter()",
    ),
    Fix(
        "good passwords only",
        {"weak-password"},
        before(CREATE, GOOD_PASSWORD) | before(WRITE, GOOD_PASSWORD),
        "import re",
    ),
    Fix(
        "plain names only",
        {"lookalike-names"},
        before(CREATE, 'if not re.fullmatch("[a-z0-9-]+", record["name"]):\n    return "", 422'),
        "import re",
    ),
    Fix(
        "a logout ends all sessions",
        {"replay-after-logout"},
        EPOCHS
        | before(
            LOG_OUT, "if current_user.is_authenticated:\n    current_user.update(inc__epoch=1)"
        ),
    ),
    Fix(
        "a new password ends all sessions",
        {"replay-after-password-change"},
        EPOCHS | {WRITE: WRITE.replace("email=", "inc__epoch=1, email=")},
    ),
]
