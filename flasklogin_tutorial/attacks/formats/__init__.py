"""How the command shows what came of the attacks: for people, for programs, for code hosts.

- `terminal`: text in the width of a terminal, with colours where there is one.
- `sarif`: for code hosts, which show it beside the code.
- `page`: one HTML file that needs nothing else.

The JSON of `--json` is `Report.as_dict`.
"""
