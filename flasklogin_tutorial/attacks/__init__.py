"""What no app may let happen, tried over HTTP on an app in this process or on this machine.

`run_attacks(app)` tries everything. Each attack is one small function: it does what an attacker
would do, looks over HTTP whether it worked, and tells the exchange that shows it. Each names the
rule that is broken and the notebook that closes the hole. The mirror image of
`flasklogin_tutorial.checks`.

- `families`: the attacks, by what is attacked. `attack`: what one is. `sources`: the rules.
- `target`: what an attack is given. `site`: the app and the way to it, by its own `names`.
  `people`: who there is. `deeds`: what they do. `senses`: what can be seen. `doors`: what works.
- `discovery`: how they find their own way in, with nothing configured.
- `limits`: whom the app stops, found out once. `slow_hashes`: no hash is computed twice.
- `inside`: the app in this process. `accounts` finds there how users are made, `storage` what lies
  in the database, `keys` where the secret key comes from, `callers` who is calling; `clock` puts
  its clocks forward. Whether an attack got in is judged by `senses`.
- `mailbox`: what it sends by mail. `factors`: the second factor of somebody, and their telephone.
  `passkeys`: somebody's passkey. `racing`: several requests at the same moment.
- `outcome`, `run`, `report`: what comes of an attack, and of all. `web`: what a browser does.
- `severity`, `cures`, `places`, `findings`: what is said of it besides. `formats`: how that looks.
- `command`, `options`, `progress`, `baseline`: the command. `testing`: the attacks as tests.

On the command line: `python -m flasklogin_tutorial.attacks mypackage:create_app`.

**The attacks make, change and delete users in whatever database the app is configured with.** Run
them on a database that may be ruined. They refuse an app that is not on this machine.
"""

from flasklogin_tutorial.attacks import families as families
from flasklogin_tutorial.attacks.attack import ATTACKS, NOTEBOOKS, Attack
from flasklogin_tutorial.attacks.names import BadNames, Names, read_names
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, Verdict
from flasklogin_tutorial.attacks.report import Report, Row
from flasklogin_tutorial.attacks.run import MightBeReal, run_attacks, try_attack
from flasklogin_tutorial.attacks.target import Target

ATTACKS.sort(key=lambda one: NOTEBOOKS.index(one.fixed_in))

__all__ = [
    "ATTACKS",
    "NOTEBOOKS",
    "Attack",
    "BadNames",
    "Exchange",
    "MightBeReal",
    "Names",
    "NotTried",
    "Outcome",
    "Report",
    "Row",
    "Target",
    "Verdict",
    "read_names",
    "run_attacks",
    "try_attack",
]
