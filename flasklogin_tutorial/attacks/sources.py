"""Where the rules come from that the attacks break.

A few documents show a rule and the pattern that breaks it; they stand with the other patterns, in
`flasklogin_tutorial.steps.sources`.
"""

from flasklogin_tutorial.steps import sources as patterns
from flasklogin_tutorial.steps.sources import Source, cheat_sheet, flask_login_issue


def session_rule(number: str, title: str) -> Source:
    """Return a rule for sessions of OWASP's Application Security Verification Standard."""
    return Source(
        f"OWASP ASVS 5.0, {number}, {title}",
        "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x16-V7-Session-Management.md",
    )


def login_rule(number: str, title: str) -> Source:
    """Return a rule for logins of OWASP's Application Security Verification Standard."""
    return Source(
        f"OWASP ASVS 5.0, {number}, {title}",
        "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x15-V6-Authentication.md",
    )


SECOND_FACTOR = login_rule("6.3.3", "a second factor is asked for, or what holds two in one")
RESET_AND_FACTOR = login_rule("6.4.3", "a reset does not go around the second factor")
CODES_ONCE = login_rule("6.5.1", "codes and recovery codes work once")
SAME_USER = patterns.CODE_BY_NAME
THROTTLE_CODES = Source(
    "RFC 4226, 7.3, Throttling at the Server",
    "https://www.rfc-editor.org/rfc/rfc4226#section-7.3",
)
SEED_IS_SECRET = Source(
    "RFC 6238, 5.1, General: keys are stored in a place that guards them",
    "https://www.rfc-editor.org/rfc/rfc6238#section-5.1",
)
CHALLENGE_COMPARED = Source(
    "Web Authentication Level 3, 13.4.3, Cryptographic Challenges",
    "https://www.w3.org/TR/webauthn-3/#sctn-cryptographic-challenges",
)
CHALLENGE_KEPT = login_rule("6.7.2", "a challenge is long, and good once")
ORIGIN_COMPARED = Source(
    "Web Authentication Level 3, 13.4.9, Validating the origin of a credential",
    "https://www.w3.org/TR/webauthn-3/#sctn-validating-origin",
)
VERIFIED_USER = Source(
    "Web Authentication Level 3, 5.8.6, User Verification Requirement",
    "https://www.w3.org/TR/webauthn-3/#enum-userVerificationRequirement",
)
SIGN_COUNT = Source(
    "Web Authentication Level 3, 6.1.1, Signature Counter Considerations",
    "https://www.w3.org/TR/webauthn-3/#sctn-sign-counter",
)
CREDENTIAL_TAKEN = Source(
    "Web Authentication Level 3, 7.1, Registering a New Credential: the id belongs to nobody yet",
    "https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential",
)
NOSQL_INJECTION = Source(
    "OWASP Web Security Testing Guide, Testing for NoSQL Injection",
    "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/07-Input_Validation_Testing/05.6-Testing_for_NoSQL_Injection",
)
MONGOENGINE_INJECTION = Source(
    "MongoEngine issue 1400, Injection prevention",
    "https://github.com/MongoEngine/mongoengine/issues/1400",
)
STORE_PASSWORDS = cheat_sheet("Password Storage", "Introduction")
PASSWORD_IN_JSON = Source(
    "Flask-AppBuilder issue 1908, Password should not return in to_json",
    "https://github.com/dpgaspar/Flask-AppBuilder/issues/1908",
)
VALIDATE_INPUT = cheat_sheet("REST Security", "Input validation")
HIDE_FAILURES = cheat_sheet("REST Security", "Error handling")
SECURITY_HEADERS = cheat_sheet("REST Security", "Security Headers")
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
END_SESSIONS = cheat_sheet("Session Management", "Session Expiration")
RENEW_SESSION = cheat_sheet(
    "Session Management", "Renew the Session ID After Any Privilege Level Change"
)
SESSION_CONTENT = cheat_sheet("Session Management", "Session ID Content (or Value)")
REPLAY = flask_login_issue(480, "Session is still valid after logout")
FORWARDED_FOR = flask_login_issue(700, "don't look at the X-Forwarded-For header")
REMEMBER_COOKIE = flask_login_issue(422, "Deprecate the Remember Me implementation")
INACTIVE_USER = patterns.INACTIVE_USER
DECORATOR_ORDER = patterns.DECORATOR_ORDER
BAD_ID = Source(
    "Flask-Login documentation, How it Works: a user loader returns None for an id that is no id",
    "https://flask-login.readthedocs.io/en/latest/#how-it-works",
)
FRESH_LOGIN = Source(
    "Flask-Login documentation, Fresh Logins",
    "https://flask-login.readthedocs.io/en/latest/#fresh-logins",
)
CSRF = cheat_sheet("Cross-Site Request Forgery Prevention", "Token Based Mitigation")
LOGIN_CSRF = cheat_sheet("Cross-Site Request Forgery Prevention", "login CSRF")
SAME_STRENGTH = session_rule("7.5.1", "the password again before what logs in is changed")
END_ALL_SESSIONS = session_rule("7.4.2", "closing an account ends all that is logged in to it")
HOW_MANY_LOGINS = session_rule("7.1.2", "how many sessions one account may have at once")
REDIRECTS = cheat_sheet("Unvalidated Redirects and Forwards", "Dangerous URL Redirects")
ACCESS_ON_EVERY_REQUEST = cheat_sheet("Authorization", "Validate the Permissions on Every Request")
LEAST_PRIVILEGE = cheat_sheet("Authorization", "Enforce Least Privileges")
CORS = cheat_sheet("HTML5 Security", "Cross Origin Resource Sharing")
MASS_ASSIGNMENT = patterns.MASS_ASSIGNMENT
PASSWORD_STRENGTH = cheat_sheet("Authentication", "Implement Proper Password Strength Controls")
SAME_ANSWER = patterns.SAME_ANSWER
LOCKOUT = patterns.LOCKOUT
AUTOMATED = cheat_sheet("Authentication", "Protect Against Automated Attacks")
HUNDRED_TRIES = Source(
    "OWASP ASVS 4.0, 2.2.1, at most 100 failed attempts an hour; see its issue 906",
    "https://github.com/OWASP/ASVS/issues/906",
)
LIMITER_KEY = Source(
    "Flask-Limiter issue 41, Security problem with request.access_route",
    "https://github.com/alisaifee/flask-limiter/issues/41",
)
INVALID_HOST = Source(
    "RFC 9112, 3.2, a server answers 400 to a header Host that names no host",
    "https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2",
)
COSTLY_PASSWORDS = Source(
    "zxcvbn-python issue 70, DOS exploit",
    "https://github.com/dwolfhub/zxcvbn-python/issues/70",
)
IPV6_NETWORKS = Source(
    "Zulip issue 21544, Improve IPv6 rate-limiting by bucketing",
    "https://github.com/zulip/zulip/issues/21544",
)
RESET_BY_SUCCESS = Source(
    "PortSwigger Web Security Academy, Flawed brute-force protection",
    "https://portswigger.net/web-security/authentication/password-based",
)
DEBUGGER = Source(
    "Flask documentation, Debugging Application Errors, In Production",
    "https://flask.palletsprojects.com/en/stable/debugging/",
)
RESET_LINK = Source(
    "PortSwigger Web Security Academy, Password reset poisoning",
    "https://portswigger.net/web-security/host-header/exploiting/password-reset-poisoning",
)
RESET_TOKEN = cheat_sheet("Forgot Password", "URL Tokens")
RESET_ANSWER = cheat_sheet("Forgot Password", "Forgot Password Request")
SAFE_METHODS = Source(
    "authelia issue 2994, Password reset links do not work with Outlook's safe links",
    "https://github.com/authelia/authelia/issues/2994",
)
CONFIRM_ADDRESS = cheat_sheet("Authentication", "Change a User's Registered Email Address")
