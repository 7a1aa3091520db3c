"""Where the patterns of the variants come from: a documentation, a tutorial, advice in an issue."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Something to read.

    Attributes:
        title: the document and the section in it.
        url: its address.
    """

    title: str
    url: str


def cheat_sheet(name: str, section: str) -> Source:
    """Return a section of one of OWASP's cheat sheets."""
    page = name.replace(" ", "_")
    return Source(
        f"OWASP {name} Cheat Sheet, {section}",
        f"https://cheatsheetseries.owasp.org/cheatsheets/{page}_Cheat_Sheet.html",
    )


def flask_login_issue(number: int, title: str) -> Source:
    """Return an issue of Flask-Login."""
    return Source(
        f"Flask-Login issue {number}, {title}",
        f"https://github.com/maxcountryman/flask-login/issues/{number}",
    )


# ---- what people copy from

LOGIN_DOCS = Source(
    "Flask-Login documentation, Login Example and Remember Me",
    "https://flask-login.readthedocs.io/en/latest/",
)
PROTECTION_DOCS = Source(
    "Flask-Login documentation, Session Protection",
    "https://flask-login.readthedocs.io/en/latest/#session-protection",
)
ALTERNATIVE_TOKENS = Source(
    "Flask-Login documentation, Alternative Tokens, and the fresh login of login_user",
    "https://flask-login.readthedocs.io/en/latest/#alternative-tokens",
)
REQUEST_LOADER = Source(
    "Flask-Login documentation, Custom Login using Request Loader",
    "https://flask-login.readthedocs.io/en/latest/#custom-login-using-request-loader",
)
LOGIN_README = Source(
    "Flask-Login, README.md, Usage: the e-mail address is the id",
    "https://github.com/maxcountryman/flask-login/blob/main/README.md",
)
ACTIVE_METHOD = flask_login_issue(385, "a User class with is_active as a method")
MICROBLOG_LOGIN = Source(
    "miguelgrinberg/microblog, app/auth/routes.py, login()",
    "https://github.com/miguelgrinberg/microblog/blob/main/app/auth/routes.py",
)
MONGO_SESSIONS = Source(
    "Flask-MongoEngine documentation, Session Interface",
    "https://flask-mongoengine-3.readthedocs.io/en/latest/session_interface.html",
)
JSON_ENCODER = Source(
    "Flask-MongoEngine pull request 91, Supply a Flask JSON Encoder",
    "https://github.com/MongoEngine/flask-mongoengine/pull/91",
)
DEBUGGED_APPLICATION = Source(
    "Werkzeug documentation, Debugging Applications, Enabling the Debugger",
    "https://werkzeug.palletsprojects.com/en/stable/debug/",
)
CORS_PATTERN = Source(
    "Flask-CORS issue 132, which advises CORS(app, supports_credentials=True)",
    "https://github.com/corydolphin/flask-cors/issues/132",
)
LOOK_BEFORE_INSERT = Source(
    "Corey Schafer, Python Flask Tutorial 6, User Authentication: validators look the name up",
    "https://www.youtube.com/watch?v=CSHx6eCkmv0",
)
LIMITER_ADDRESS = Source(
    "Flask-Limiter documentation, Rate Limit Key Functions: get_remote_address",
    "https://flask-limiter.readthedocs.io/en/stable/#rate-limit-key-functions",
)
METER_USAGE = Source(
    "zxcvbn-python, README.rst, Usage",
    "https://github.com/dwolfhub/zxcvbn-python/blob/main/README.rst",
)
LIMITER_PATTERN = Source(
    "Flask-Limiter issue 428, which asks for the first X-Forwarded-For address",
    "https://github.com/alisaifee/flask-limiter/issues/428",
)

CODE_AFTER_LOGIN = Source(
    "Ashutosh Krishna, How to Implement Two-Factor Authentication with PyOTP in Your Flask App: "
    "login_user, then the page for the code",
    "https://www.freecodecamp.org/news/how-to-implement-two-factor-authentication-in-your-flask-app/",
)
CODE_BY_NAME = Source(
    "PortSwigger, Vulnerabilities in multi-factor authentication: flawed verification logic",
    "https://portswigger.net/web-security/authentication/multi-factor",
)
CODE_REMEMBERED = Source(
    "PyOTP, README, checklist: store the code that was used last, and refuse it",
    "https://github.com/pyauth/pyotp",
)
PASSKEY_DEMO = Source(
    "Yubico, python-fido2, examples/server/server/server.py: the challenge in Flask's session",
    "https://github.com/Yubico/python-fido2/blob/main/examples/server/server/server.py",
)
PASSKEY_ECHOED = Source(
    "davidearl/webauthn issue 40, Disallow reusing login payloads",
    "https://github.com/davidearl/webauthn/issues/40",
)
RESET_LOGS_IN = Source(
    "devise-two-factor, README, Disabling Automatic Login After Password Resets",
    "https://github.com/devise-two-factor/devise-two-factor#disabling-automatic-login-after-password-resets",
)

# ---- what tells them not to

INACTIVE_USER = flask_login_issue(486, "Logout inactive user")
DECORATOR_ORDER = flask_login_issue(833, "on the order of login_required and route")
MASS_ASSIGNMENT = cheat_sheet("Mass Assignment", "Definition")
SAME_ANSWER = cheat_sheet("Authentication", "Authentication Responses")
LOCKOUT = cheat_sheet("Authentication", "Account Lockout")
RESET_TUTORIAL = Source(
    "Corey Schafer, Python Flask Tutorial 10, Email and Password Reset",
    "https://github.com/CoreyMSchafer/code_snippets/tree/master/Python/Flask_Blog/10-Password-Reset-Email",
)
RESET_ON_SIGHT = Source(
    "alphagov/signon pull request 65, Change password reset token when reset link is followed",
    "https://github.com/alphagov/signon/pull/65",
)
