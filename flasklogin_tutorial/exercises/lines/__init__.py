"""Lines of a lesson that the reader writes.

A lesson leaves the lines that carry its idea to the reader: a cell with `...` in it. The cell below
hands what was written to `yours`, which checks it and gives it back. What is missing or wrong is
said, and the lesson's own lines are given in its place, so that the cells after it run either way.

- `line`: what such a place is, and the list of all. `before_step_1`: those of 00b and 00c. What
  begins with `part`: those of the parts. `finding`: what two of them are asked.
- `yours`: the check. `kept`: what was right is kept, for the last notebook of the part.
"""

from flasklogin_tutorial.exercises.lines.kept import my_app
from flasklogin_tutorial.exercises.lines.line import Line, all_lines, find_line
from flasklogin_tutorial.exercises.lines.yours import yours

__all__ = ["Line", "all_lines", "find_line", "my_app", "yours"]
