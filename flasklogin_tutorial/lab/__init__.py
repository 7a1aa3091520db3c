"""What the notebooks use to talk to an app and to look inside it.

`serve` opens a browser on an app, `trace` shows what one request sets off, `check` asks whether an
app does what a step promises, `expect` shows an error that is meant to happen, and `show_source`,
`show_diff`, `show_pieces` and `show_places` show files. `attack` carries a named attack out,
`add_user`, `log_in` and `copy_cookies` make people with browsers, `later` moves the clock,
`database_away` takes the database away, and `practice_settings` says where one is. `show_page`
draws a page and `fill_in` sends its form, `foreign_page` and `encode_form` are a page of another
site and its form, and `try_seven` carries out what such pages can do. `run_tests` runs pytest on
functions of a notebook, `listening` hears Flask-Login's signals, `import_files` imports files that
need one another, `show_rights` lets people try what they may do, and `show_audit_log` prints what
they did. `last_link` reads somebody's mail, `pair_telephone` gives them a telephone that makes
codes, `with_telephone` makes an app in which somebody has one, and `next_code` moves the clock to
its next code. `relay` is a site in the middle, `SoftKey` a key for passkeys, and `make_passkey` and
`use_passkey` are what a person does with one. The app and the steps know nothing of this package.
"""

from flasklogin_tutorial.checks import check
from flasklogin_tutorial.lab.attacking import attack
from flasklogin_tutorial.lab.audit import show_audit_log
from flasklogin_tutorial.lab.clock import later
from flasklogin_tutorial.lab.database import practice_settings
from flasklogin_tutorial.lab.errors import expect
from flasklogin_tutorial.lab.files import show_diff, show_pieces, show_source
from flasklogin_tutorial.lab.foreign import encode_form, foreign_page
from flasklogin_tutorial.lab.imports import import_files
from flasklogin_tutorial.lab.mails import last_link
from flasklogin_tutorial.lab.outage import database_away
from flasklogin_tutorial.lab.pages import fill_in
from flasklogin_tutorial.lab.passkeys import make_passkey, use_passkey
from flasklogin_tutorial.lab.picture import show_page
from flasklogin_tutorial.lab.places import show_places
from flasklogin_tutorial.lab.relaying import relay
from flasklogin_tutorial.lab.rights import show_rights
from flasklogin_tutorial.lab.seven import try_seven
from flasklogin_tutorial.lab.telephone import next_code, pair_telephone, with_telephone
from flasklogin_tutorial.lab.testing import listening, run_tests
from flasklogin_tutorial.lab.tracing import trace
from flasklogin_tutorial.visit import (
    SoftKey,
    add_user,
    copy_cookies,
    log_in,
    new_app,
    read_session,
    serve,
)

__all__ = [
    "SoftKey",
    "add_user",
    "attack",
    "check",
    "copy_cookies",
    "database_away",
    "encode_form",
    "expect",
    "fill_in",
    "foreign_page",
    "import_files",
    "last_link",
    "later",
    "listening",
    "log_in",
    "make_passkey",
    "new_app",
    "next_code",
    "pair_telephone",
    "practice_settings",
    "read_session",
    "relay",
    "run_tests",
    "serve",
    "show_audit_log",
    "show_diff",
    "show_page",
    "show_pieces",
    "show_places",
    "show_rights",
    "show_source",
    "trace",
    "try_seven",
    "use_passkey",
    "with_telephone",
]
