"""What an app must do after each step, asked over HTTP.

`check(app, step=4)` asks everything that steps 0 to 4 promise. Each question is one small function
in `steps`. It calls the app as a client would, says what was called, what came back and what was
expected, and knows a hint.

- `steps`: the questions.
- `world`: the people who ask them. `probe`: a page in front of the app, for what no client can see.
- `causes`: where to look, judged by what came back.
- `run`: asking. `result`: what came of it.
"""

from flasklogin_tutorial.checks.result import Result, Row
from flasklogin_tutorial.checks.run import LAST_STEP, check
from flasklogin_tutorial.checks.steps import CHECKS, Check

__all__ = ["CHECKS", "LAST_STEP", "Check", "Result", "Row", "check"]
