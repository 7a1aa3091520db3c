"""Three backgrounds, half-transparent: a text keeps its contrast on a light page and a dark one.

JupyterLab keeps them in notebooks that it does not trust. A colour never says alone what it says.
"""

GOOD = "rgba(46,160,67,.25)"
BAD = "rgba(248,81,73,.25)"
NEITHER = "rgba(127,127,127,.2)"
