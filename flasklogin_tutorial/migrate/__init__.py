"""Old Flask-Login code, brought to today: what is old in an app's source, and what to write.

On the command line: `python -m flasklogin_tutorial.migrate PATH`. It reads and changes nothing;
with `--fix` it writes what is mechanical. It needs LibCST, which is in the extra `migrate`.

- `traps`: what there is to be found, as a table. It imports nothing, and other rooms read it.
- `rules`: what finds each of them in a syntax tree. `templates`: the same in Jinja's templates.
- `source`: the files below a path, and one file with all rules. `command`: the command.
"""
