"""What may be written behind `python -m flasklogin_tutorial.attacks`, and what its help says."""

import argparse
from pathlib import Path

#: Exit statuses: nothing got in, something got in, hardly anything could be tried. What a baseline
#: accepts counts as nothing.
HELD, GOT_IN, USAGE = 0, 1, 2

#: What says that the app's database may be ruined.
SWITCH = "--yes-it-may-write"

_SET_HELP = "a setting to hand to create_app, such as HTTPS=true; repeatable"

_EPILOG = f"""\
The attacks MAKE, CHANGE AND DELETE USERS in whatever database the app is configured with. Configure
it for a database that may be ruined. An app that is not on mongomock or on SQLite in memory is
refused unless you say {SWITCH}.

An app is attacked as it is configured where the command runs. What production sets besides is
handed to the function that makes the app, in one mapping: --set HTTPS=true --set LOGIN_HOURS=1. A
value is read as JSON where it is JSON, and as a text elsewhere.

The exit status is {GOT_IN} if any attack got in, {HELD} if none did, {USAGE} if the command was not
understood or hardly anything could be tried. "Not tried" is not "held". With --baseline the status
is {GOT_IN} only if an attack got in that the file does not accept; --write-baseline makes the file.

The way in is searched for: the login, how users are made, and what a user can do. What was found is
printed first. What was not found, or is another, goes into a TOML file; --init FILE writes one with
what was found:

  send = "form"                                # or "json"
  [routes]                                     # an empty text: there is none
  login = "POST /auth/login"
  login_page = "GET /auth/login"
  logout = "POST /auth/logout"
  whoami = "GET /account"                      # shows the name of whoever is logged in
  read = "GET /users/{{name}}"
  create = "POST /users"
  update = "POST /users/{{name}}"
  delete = "POST /users/{{name}}/delete"
  account = "GET /account"                     # the page with the user's own buttons
  end_others = "POST /account/end-logins"      # ends all other logins of whoever calls it
  make_token = "POST /account/tokens"          # makes an API token, and shows it
  forgot = "POST /forgot"                      # mails a link to whoever forgot their password
  login_code = "POST /login/code"              # takes a code of the second factor
  factor_page = "GET /account/second-factor"   # the page with the buttons of the second factor
  new_factor = "POST /account/second-factor"   # shows a seed for one
  begin_factor = "POST /account/second-factor/begin"
  passkey_page = "GET /login/passkey"          # asks for a passkey; passkey_login takes the answer
  new_passkey_page = "GET /account/passkeys/new"  # the same for a new one, and new_passkey
  [fields]                                     # login_name, login_password, name, password, email,
  login_name = "email"                         # current_password, remember, next, label, code,
                                               # code_name, new_password, new_password_again,
                                               # passkey
  [forms]
  csrf_field = "csrf_token"
  csrf_page = "/account"                       # where a logged-in user finds the token
  first_page = "/"                             # sets a cookie without which no login is taken
  [pages]                                      # create, update, delete, logout:
  create = "/register"                         # the page on which the form stands
  [also.create]                                # what create, update or delete is sent besides
  password2 = "{{password}}"                     # or {{name}}, {{email}}, {{current_password}}
  first_name = "Ada"
  [users]
  named = "email"                              # the login takes an address; else "name"
  model = "myapp.models:User"                  # the class that the users are kept in
  make = "mytests:make_user"                   # make_user(app, name, email, password, admin)
  disable = "mytests:disable_user"             # disable_user(app, name)
  letters = "mytests:letters"                  # letters(app): the mails, each as (to, text)
  [cookies]
  session = "session"
  remember = "remember_token"

Without [users] a user is made by the command `users add NAME --email E` (with --for-myself where it
is known, and the password twice on standard input), the command `add-user NAME EMAIL --password P`,
another command for new users, the registration, or the class that the users are kept in, whichever
is the first that works.
"""


def make_parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m flasklogin_tutorial.attacks",
        description="Try the attacks of the course on a Flask app of your own, in this process.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("app", nargs="?", help="module:app, module:create_app, or http://127.0.0.1:PORT")
    add("--init", metavar="FILE", type=Path, help="write a TOML file with what was found, and end")
    add("--config", metavar="FILE", type=Path, help="a TOML file with the names of your app")
    add("--set", metavar="NAME=VALUE", dest="settings", action="append", default=[], help=_SET_HELP)
    add("--only", metavar="NAME", action="append", default=[], help="try this attack; repeatable")
    add("--json", action="store_true", help="print JSON instead of a text")
    add("--sarif", metavar="FILE", type=Path, help="write SARIF too, for a code host")
    add("--html", metavar="FILE", type=Path, help="write a page too, which needs nothing else")
    add("--baseline", metavar="FILE", type=Path, help="fail only on what is not accepted there")
    add("--write-baseline", metavar="FILE", type=Path, help="accept what gets in now, and end well")
    add("--list", action="store_true", help="list the attacks and end")
    add(SWITCH, dest="may_write", action="store_true", help="the app's database may be ruined")
    return parser
