"""How the finished app closes what each attack uses: a sentence, and the lines that do it.

The lines are read from the package's own sources, so what a report shows is what the app runs.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from textwrap import dedent

from flasklogin_tutorial.attacks.attack import Attack

#: The package of the finished app. It is read as text and never imported.
APP = "flasklogin_tutorial.app"

_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Cure:
    """How the finished app closes a hole.

    Attributes:
        says: how, in one sentence.
        where: the lines, each as `module:name`, such as `passwords:hash_password`; for one entry of
            a mapping, or one statement of a function, `module:name[how it begins]`.
    """

    says: str
    where: tuple[str, ...]


@dataclass(frozen=True)
class Excerpt:
    """Some lines of the finished app.

    Attributes:
        path: the file, from the folder that the package is in.
        line: the number of the first line.
        text: the lines, without the docstring.
    """

    path: str
    line: int
    text: str


def excerpts_of(one: Attack) -> list[Excerpt]:
    """Return the lines of the finished app that close what an attack uses."""
    return [read_excerpt(where) for where in CURES[one.name].where] if one.name in CURES else []


@lru_cache
def read_excerpt(where: str) -> Excerpt:
    """Read some lines of the finished app.

    Args:
        where: `module:name`; a function, a class, a method of one, or what a name is set to;
            `[key]` picks one entry of a mapping, or the statement of a function that begins so.

    Returns:
        The lines.

    Raises:
        LookupError: there is no such name.
    """
    module, _, name = where.partition(":")
    parts = module.split(".")
    source = files(APP).joinpath(*parts[:-1], f"{parts[-1]}.py").read_text(encoding="utf-8")
    name, _, key = name.partition("[")
    node: ast.stmt | ast.Module = ast.parse(source)
    for part in name.split("."):
        node = _child(node, part, where)
    first, last = _lines_of(node, key.rstrip("]"), where)
    lines = source.splitlines()
    left_out = _docstring_lines(node)
    if left_out and not lines[max(left_out)].strip():
        left_out.add(max(left_out) + 1)  # the empty line below the docstring
    kept = [lines[number - 1] for number in range(first, last + 1) if number not in left_out]
    path = "/".join([*APP.split("."), *parts]) + ".py"
    return Excerpt(path, first, dedent("\n".join(kept)))


def _child(node: ast.stmt | ast.Module, name: str, where: str) -> ast.stmt:
    for child in getattr(node, "body", []):
        if name in _names_of(child):
            found: ast.stmt = child
            return found
    raise LookupError(f"The finished app has no {where}.")


def _names_of(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, _Named):
        yield node.name
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.Assign):
        # A setting of an object, such as login_manager.session_protection, is named in whole.
        yield from (ast.unparse(target).rpartition(".")[2] for target in node.targets)


def _lines_of(node: ast.stmt | ast.Module, key: str, where: str) -> tuple[int, int]:
    """Return the first and the last line of what a name stands for, or of one entry in it."""
    assert isinstance(node, ast.stmt)
    if key:
        for one in ast.walk(node):
            if isinstance(one, ast.stmt) and ast.unparse(one).startswith(key):
                return one.lineno, one.end_lineno or one.lineno
            if not isinstance(one, ast.Dict):
                continue
            for entry, value in zip(one.keys, one.values, strict=True):
                if isinstance(entry, ast.Constant) and entry.value == key:
                    return entry.lineno, value.end_lineno or value.lineno
        raise LookupError(f"The finished app has no {where}.")
    decorators = node.decorator_list if isinstance(node, _Named) else []
    first = min([node.lineno, *(one.lineno for one in decorators)])
    return first, node.end_lineno or node.lineno


def _docstring_lines(node: ast.stmt | ast.Module) -> set[int]:
    if not isinstance(node, _Named) or ast.get_docstring(node) is None:
        return set()
    docstring = node.body[0]
    last = docstring.end_lineno or docstring.lineno
    return set(range(docstring.lineno, last + 1))


_TEXT = Cure(
    "Every field goes through a schema first, and what is no text is refused: an operator never "
    "reaches a query.",
    ("schemas:LoginInput", "schemas:Text._deserialize", "edge:_check"),
)
_TOKEN_ENDS = (
    "The cookie carries the random token of a login, and the login is a record on the server: what "
    "ends there is over for every copy."
)
_EPOCH = (
    "Each login and each API token keeps the number that its user had when it was made. The number "
    "goes up, and all of them are over."
)
_FORM = Cure(
    "A request that changes something has to come from a page of the app: the browser says where "
    "from, and a form carries a token.",
    ("cross_site:register_cross_site", "cross_site:comes_from_here"),
)
_UNIQUE = Cure(
    "The database keeps names apart with a unique index, and its refusal becomes an answer: there "
    "is no moment between looking and writing.",
    ("models:User.meta", "accounts:create[try]"),
)
_KEY = Cure(
    "In production the app does not start with a key that is missing, short or made of few "
    "characters. In development it takes a random one.",
    ("config:_check_secret", "unsafe:is_weak_key"),
)
_LIMIT = Cure(
    "Each attempt is counted before the password is looked at, by name and by network.",
    ("throttle:spend_attempt", "throttle:_budgets"),
)
_OWNER = "The rule stands beside the deed: only the user and administrators get past it."
_ORDERED = Cure(
    "A request for a link looks nobody up: it orders a mail, and a command finds out whether there "
    "is anybody to write to.",
    ("accounts:ask_reset", "orders:order"),
)
_USED_ONCE = Cure(
    "The write that uses a code moves the number of the last one on, and only a later one fits.",
    ("factors:_look_at", "factors:_spend"),
)
_ASKED = Cure(
    "A challenge is a record of the server, and whatever answer names it takes it away.",
    ("challenges:issue", "challenges:spend"),
)

#: By the name of the attack.
CURES = {
    # ---- passwords and injection
    "plaintext-at-rest": Cure(
        "What is stored is a hash by scrypt, with a salt of its own for each password.",
        ("passwords:hash_password",),
    ),
    "equal-passwords-look-equal": Cure(
        "Each hash has a random salt, so that equal passwords have different ones.",
        ("passwords:hash_password",),
    ),
    "costly-password": Cure(
        "Only the first characters are judged, in pieces that have few readings, so that the work "
        "has a bound.",
        ("new_passwords:find_problem", "guesses:_readable_pieces"),
    ),
    "names-found-by-answer": Cure(
        "A wrong name and a wrong password come back as None from one function, and so in one "
        "answer.",
        ("logins:check_password",),
    ),
    "names-found-by-work": Cure(
        "Where nobody has the name, the hash of nobody's password is compared, with the same work.",
        ("passwords:is_right",),
    ),
    "weak-password": Cure(
        "A new password is long, is none that many people take, and is not made of known words.",
        ("new_passwords:find_problem",),
    ),
    "operator-logs-in": _TEXT,
    "operator-picks-a-user": _TEXT,
    "regex-oracle": _TEXT,
    "operator-in-a-record": Cure(
        _TEXT.says, ("schemas:NameInput", "schemas:Text._deserialize", "edge:_check")
    ),
    # ---- bad input
    "password-in-answers": Cure(
        "An answer is written through a schema that names what is shown. A new field stays inside.",
        ("schemas:PublicRecord", "schemas:Record", "edge:show_record"),
    ),
    "malformed-bodies": Cure(
        "A body that cannot be read, or is no object, is refused with a sentence.",
        ("edge:read_body", "edge:_check"),
    ),
    "wrongly-typed-fields": Cure(
        "A field that is no text is refused before a view sees it.",
        ("schemas:Text._deserialize", "edge:_check"),
    ),
    "oversize-body": Cure(
        "Flask reads no more of a body than the setting MAX_CONTENT_LENGTH says.",
        ("config:DEFAULTS[MAX_CONTENT_LENGTH]",),
    ),
    "refusal-says-200": Cure(
        "A refusal is an exception with its status, and a refused login is a 401.",
        ("views.auth:login", "errors:refuse_login"),
    ),
    "header-crashes": Cure(
        "What names no host, and what breaks while it is read, is refused before anything looks at "
        "it.",
        ("entrance:Entrance.__call__", "entrance:is_host", "login:_remembered_tokens"),
    ),
    "lookalike-names": Cure(
        "A name is stored with what it may be taken for, and of that no two users have one in "
        "common.",
        ("names:read_name", "accounts:_require_no_look_alike"),
    ),
    "broken-ids": Cure(
        "The user loader takes what the cookie says for a token to look up. What is none finds "
        "nobody.",
        ("login:load_user", "models:hash_secret"),
    ),
    # ---- sessions and cookies
    "remember-after-logout": Cure(
        _TOKEN_ENDS, ("login:end_login", "logins:end", "login:_remembered_tokens")
    ),
    "remember-after-password-change": Cure(
        _EPOCH, ("models:_Bearer.lets_in", "accounts:forget_what_ended")
    ),
    "remember-for-ever": Cure(
        "The record of a login says when it is over, remembered or not.",
        ("logins:latest_end", "models:_Bearer.lets_in"),
    ),
    "old-login-changes-password": Cure(
        "What is dangerous asks for a login whose password was typed a short time ago.",
        ("accounts:require_recent", "logins:is_recent"),
    ),
    "renewed-login-is-fresh": Cure(
        "A login that is renewed keeps when it began, and whether it is fresh.",
        ("logins:renew", "logins:is_recent"),
    ),
    "replay-after-logout": Cure(_TOKEN_ENDS, ("login:end_login", "logins:end", "login:load_user")),
    "replay-after-password-change": Cure(
        _EPOCH, ("models:_Bearer.lets_in", "accounts:forget_what_ended")
    ),
    "id-in-cookie": Cure(
        "The cookie carries the random token of a login, and never an id of the database.",
        ("models:User.get_id",),
    ),
    "missing-cookie-flags": Cure(
        "Both cookies are HttpOnly and SameSite, and on HTTPS Secure, with names that other hosts "
        "cannot plant.",
        ("config:_cookies",),
    ),
    "session-fixation": Cure(
        "Whatever session the browser had is emptied before the login is put into it.",
        ("login:start_login", "login:_clear_browser"),
    ),
    "session-protection-spoofed": Cure(
        "Flask-Login's own check, which believes a header, is off. The address is that of the "
        "connection.",
        ("login:session_protection", "logins:is_recent"),
    ),
    # ---- cross-site requests
    "cross-site-write": _FORM,
    "login-csrf": _FORM,
    "cross-site-logout": _FORM,
    "logout-by-link": Cure(
        "The logout takes POST only, and a request that changes something has to come from here.",
        ("views.auth:logout", "cross_site:comes_from_here"),
    ),
    "framed-or-misread": Cure(
        "Every answer carries the headers that forbid framing and guessing.",
        ("headers:CONTENT_SECURITY_POLICY", "headers:HEADERS", "headers:register_headers"),
    ),
    "private-answer-cached": Cure(
        "Every answer but a file says no-store.", ("headers:register_headers",)
    ),
    "open-redirect": Cure(
        "Only a path of the app will do, as a browser reads it.", ("login:is_safe_next",)
    ),
    # ---- who may do what
    "unbounded-guessing": _LIMIT,
    "password-spraying": _LIMIT,
    "throttle-fooled-by-header": Cure(
        "The address is that of the connection. A header is believed from as many proxies as a "
        "setting names, and by itself that is none.",
        ("__init__:trust_proxies", "throttle:network_of"),
    ),
    "victim-locked-out": Cure(
        "A browser in which the user has signed in before is counted apart, and each count ends "
        "with its time.",
        ("devices:find_device", "throttle:_budgets"),
    ),
    "counted-by-address-alone": Cure(
        "Of IPv6 the network counts and not the address, and the name is counted too.",
        ("throttle:network_of", "throttle:_budgets"),
    ),
    "forgiven-by-a-right-login": Cure(
        "A right password takes back what was counted for its own name from where it was typed, "
        "and nothing else.",
        ("throttle:forgive",),
    ),
    "bounded-by-nothing": Cure(
        "One login more than a user may have ends the one that was used longest ago.",
        ("logins:_end_crowded_out",),
    ),
    "stranger-writes": Cure(
        "The route stands above login_required, so that what Flask calls is the guarded function.",
        ("views.records:update_record", "views.records:delete_record"),
    ),
    "anyone-edits-anyone": Cure(_OWNER, ("accounts:require_owner_or_admin",)),
    "anyone-deletes-anyone": Cure(_OWNER, ("accounts:require_owner_or_admin", "accounts:delete")),
    "anyone-creates-users": Cure(
        "Only an administrator makes users.",
        ("accounts:require_admin", "views.records:create_record"),
    ),
    "stranger-reads-email": Cure(
        "Who asks decides which schema the answer is written through.",
        ("edge:show_record", "schemas:PublicRecord"),
    ),
    "mass-assignment-admin": Cure(
        "The input has the fields of its schema and no others. One that is not named is refused.",
        ("schemas:ChangeInput", "edge:_check"),
    ),
    "mass-assignment-id": Cure(
        "The input has the fields of its schema and no others, and an id is none of them.",
        ("schemas:RecordInput", "edge:_check"),
    ),
    "disabled-user-stays-in": Cure(
        "With every request it is asked anew whether the user of the login is active.",
        ("models:_Bearer.lets_in", "models:User.is_active"),
    ),
    "duplicate-names": _UNIQUE,
    "deleted-users-cookie": Cure(
        "A login belongs to the id of a user, which is never given away again, and goes with the "
        "user.",
        ("models:_Bearer.find", "accounts:delete"),
    ),
    # ---- how the app runs
    "debug-mode": Cure(
        "In production the app does not start in debug mode.",
        ("config:load_config[if production and app.debug]",),
    ),
    "traceback-in-answers": Cure(
        "Every error is answered in one shape, which holds no word of the exception.",
        ("errors:register_errors", "errors:_describe"),
    ),
    "disabled-user-logs-in": Cure(
        "is_active is a property, and the login asks it.",
        ("models:User.is_active", "logins:check_password"),
    ),
    "forged-session-cookie": _KEY,
    "forged-remember-cookie": _KEY,
    # ---- APIs and tokens
    "foreign-page-reads": Cure(
        "No answer lets another origin read it: the app sends no header that allows one, and these "
        "keep it to itself.",
        ("headers:HEADERS",),
    ),
    "credential-outlives-its-maker": Cure(
        _EPOCH, ("models:_Bearer.lets_in", "models:_Bearer.find", "accounts:disable")
    ),
    # ---- a forgotten password
    "reset-poisoned-by-host": Cure(
        "Links in mail begin with the setting PUBLIC_ADDRESS, and never with what a request says.",
        ("letters:link_to",),
    ),
    "reset-twice": Cure(
        "The write that changes the password ends the link too, and is not done a second time.",
        ("accounts:reset_password", "accounts:in_epoch"),
    ),
    "reset-after-change": Cure(
        "A link keeps the number that its user had when it was made, as a login does.",
        ("models:MailedLink.lets_in", "accounts:forget_what_ended"),
    ),
    "reset-tells-who-exists": _ORDERED,
    "reset-tells-by-work": _ORDERED,
    "link-spent-by-scanner": Cure(
        "The page only looks the link up; it is used when a password is sent that will do.",
        ("views.by_mail:reset_page", "accounts:reset_password"),
    ),
    "token-of-another-purpose": Cure(
        "The record of a link says what it is good for, and is found for nothing else.",
        ("links:find",),
    ),
    "email-changed-then-reset": Cure(
        "Another address counts only when its user has confirmed it, with the password typed just "
        "now; until then no link goes there.",
        ("accounts:_ask_to_confirm", "accounts:confirm_email", "orders:_write_reset"),
    ),
    # ---- a second factor
    "second-step-skipped": Cure(
        "A right password makes half a login: a record that no user is loaded by.",
        ("views.auth:login", "second_step:ask_for_code"),
    ),
    "second-step-of-somebody-else": Cure(
        "The half login says whose code it has to be, and no name comes with the code.",
        ("second_step:log_in_with_code", "half_logins:find"),
    ),
    "code-twice": _USED_ONCE,
    "code-guessed": Cure(
        "Each code is counted before it is looked at, and the right password takes none back.",
        ("throttle:spend_code", "throttle:_code_budgets"),
    ),
    "code-in-a-race": _USED_ONCE,
    "recovery-code-twice": Cure(
        "The write that uses a recovery code takes its hash away, and finds nothing a second time.",
        ("factors:_look_at", "factors:_spend"),
    ),
    "seed-shown-again": Cure(
        "A seed is shown when it is made. Whoever has a second factor is made none.",
        ("factors:propose",),
    ),
    "challenge-from-the-answer": _ASKED,
    "challenge-in-the-cookie": _ASKED,
    "origin-not-checked": Cure(
        "The answer says which page asked, and that has to be ours to the letter.",
        ("passkeys:_find_problem", "passkeys:site"),
    ),
    "presence-is-not-verification": Cure(
        "The answer says whether the passkey has verified its user, and it has to.",
        ("passkeys:_find_problem",),
    ),
    "cloned-key": Cure(
        "The number of signatures is compared and stored in one write, and has to go up.",
        ("passkeys:_move_count_on",),
    ),
    "key-taken-over": Cure(
        "The id of a passkey has a unique index, and what is there is never written over.",
        ("passkeys:add",),
    ),
    "downgrade-to-password": Cure(
        "Where there is a passkey the right password makes half a login, and a code has to follow.",
        ("views.auth:login", "second_step:needs_second_step"),
    ),
    "owner-locked-out-by-codes": Cure(
        "A browser in which a code of this second factor was given before has a count of its own.",
        ("devices:find_device_of_factor", "throttle:_code_budgets"),
    ),
    "reset-goes-around": Cure(
        "A reset changes the password and nothing else: the login after it asks for the code.",
        ("accounts:reset_password", "views.auth:login"),
    ),
    # ---- on a real database
    "duplicate-names-by-a-race": _UNIQUE,
}
