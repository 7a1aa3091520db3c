"""Three backgrounds, half-transparent: a text keeps its contrast on a light page and a dark one.

JupyterLab keeps them in notebooks that it does not trust. A colour never says alone what it says.
"""

GOOD = "rgba(46,160,67,.25)"
BAD = "rgba(248,81,73,.25)"
NEITHER = "rgba(127,127,127,.2)"

#: A note in a diagram, and its text: Mermaid does not mix colours, so these are whole.
NOTE = "#fff5ad"
ON_NOTE = "#1b1f24"
