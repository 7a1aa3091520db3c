"""Where the rules come from that the attacks break, and where the patterns come from."""

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


def _sheet(name: str, section: str) -> Source:
    page = name.replace(" ", "_")
    return Source(
        f"OWASP {name} Cheat Sheet, {section}",
        f"https://cheatsheetseries.owasp.org/cheatsheets/{page}_Cheat_Sheet.html",
    )


def _flask_login(number: int, title: str) -> Source:
    return Source(
        f"Flask-Login issue {number}, {title}",
        f"https://github.com/maxcountryman/flask-login/issues/{number}",
    )


# ---- rules

NOSQL_INJECTION = Source(
    "OWASP Web Security Testing Guide, Testing for NoSQL Injection",
    "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/07-Input_Validation_Testing/05.6-Testing_for_NoSQL_Injection",
)
MONGOENGINE_INJECTION = Source(
    "MongoEngine issue 1400, Injection prevention",
    "https://github.com/MongoEngine/mongoengine/issues/1400",
)
STORE_PASSWORDS = _sheet("Password Storage", "Introduction")
PASSWORD_IN_JSON = Source(
    "Flask-AppBuilder issue 1908, Password should not return in to_json",
    "https://github.com/dpgaspar/Flask-AppBuilder/issues/1908",
)
VALIDATE_INPUT = _sheet("REST Security", "Input validation")
HIDE_FAILURES = _sheet("REST Security", "Error handling")
SECURITY_HEADERS = _sheet("REST Security", "Security Headers")
FORCED_JSON = Source(
    "flask-expects-json issue 2, Using get_json(force=True) creates major security vulnerability",
    "https://github.com/Fischerfredl/flask-expects-json/issues/2",
)
STATUS_401 = Source(
    "RFC 9110, 15.5.2, 401 Unauthorized",
    "https://www.rfc-editor.org/rfc/rfc9110.html#name-401-unauthorized",
)
USERNAMES = Source(
    "RFC 8265, Preparation and Comparison of Usernames and Passwords",
    "https://www.rfc-editor.org/rfc/rfc8265.html",
)
UNIQUE_INDEX = Source(
    "PyMongo documentation, Unique Indexes",
    "https://www.mongodb.com/docs/languages/python/pymongo-driver/current/indexes/unique-index/",
)
SECRET_KEY = Source(
    "Flask documentation, Configuration Handling, SECRET_KEY",
    "https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY",
)
COOKIE_OPTIONS = Source(
    "Flask documentation, Security Considerations, Set-Cookie options",
    "https://flask.palletsprojects.com/en/stable/web-security/#set-cookie-options",
)
END_SESSIONS = _sheet("Session Management", "Session Expiration")
RENEW_SESSION = _sheet(
    "Session Management", "Renew the Session ID After Any Privilege Level Change"
)
SESSION_CONTENT = _sheet("Session Management", "Session ID Content (or Value)")
REPLAY = _flask_login(480, "Session is still valid after logout")
FORWARDED_FOR = _flask_login(700, "don't look at the X-Forwarded-For header")
REMEMBER_COOKIE = _flask_login(422, "Deprecate the Remember Me implementation")
INACTIVE_USER = _flask_login(486, "Logout inactive user")
DECORATOR_ORDER = _flask_login(833, "on the order of login_required and route")
BAD_ID = Source(
    "Flask-Login documentation, How it Works: a user loader returns None for an id that is no id",
    "https://flask-login.readthedocs.io/en/latest/#how-it-works",
)
FRESH_LOGIN = Source(
    "Flask-Login documentation, Fresh Logins",
    "https://flask-login.readthedocs.io/en/latest/#fresh-logins",
)
CSRF = _sheet("Cross-Site Request Forgery Prevention", "Token Based Mitigation")
LOGIN_CSRF = _sheet("Cross-Site Request Forgery Prevention", "login CSRF")
REDIRECTS = _sheet("Unvalidated Redirects and Forwards", "Dangerous URL Redirects")
ACCESS_ON_EVERY_REQUEST = _sheet("Authorization", "Validate the Permissions on Every Request")
LEAST_PRIVILEGE = _sheet("Authorization", "Enforce Least Privileges")
CORS = _sheet("HTML5 Security", "Cross Origin Resource Sharing")
MASS_ASSIGNMENT = _sheet("Mass Assignment", "Definition")
PASSWORD_STRENGTH = _sheet("Authentication", "Implement Proper Password Strength Controls")
SAME_ANSWER = _sheet("Authentication", "Authentication Responses")
LOCKOUT = _sheet("Authentication", "Account Lockout")
AUTOMATED = _sheet("Authentication", "Protect Against Automated Attacks")
HUNDRED_TRIES = Source(
    "OWASP ASVS 4.0, 2.2.1, at most 100 failed attempts an hour; see its issue 906",
    "https://github.com/OWASP/ASVS/issues/906",
)
LIMITER_KEY = Source(
    "Flask-Limiter issue 41, Security problem with request.access_route",
    "https://github.com/alisaifee/flask-limiter/issues/41",
)
DEBUGGER = Source(
    "Flask documentation, Debugging Application Errors, In Production",
    "https://flask.palletsprojects.com/en/stable/debugging/",
)

# ---- patterns of the variants

LOGIN_DOCS = Source(
    "Flask-Login documentation, Login Example and Remember Me",
    "https://flask-login.readthedocs.io/en/latest/",
)
PROTECTION_DOCS = Source(
    "Flask-Login documentation, Session Protection",
    "https://flask-login.readthedocs.io/en/latest/#session-protection",
)
LOGIN_README = Source(
    "Flask-Login, README.md, Usage: the e-mail address is the id",
    "https://github.com/maxcountryman/flask-login/blob/main/README.md",
)
ACTIVE_METHOD = _flask_login(385, "a User class with is_active as a method")
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
LIMITER_PATTERN = Source(
    "Flask-Limiter issue 428, which asks for the first X-Forwarded-For address",
    "https://github.com/alisaifee/flask-limiter/issues/428",
)
