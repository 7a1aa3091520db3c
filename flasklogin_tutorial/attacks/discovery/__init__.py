"""How the attacks find their own way into an app, with nothing configured.

- `page`, `words`: the forms of a page, and what the names of fields and paths mean.
- `urls`, `reading`: the app's URL map, and what stands in the source of its views.
- `tour`: its pages, as a stranger and as a user sees them.
- `login`, `users`, `signed_in`, `records`: the login, how users are made, what a user finds, and
  what an app does with accounts.
- `model`, `collection`, `hashes`, `tables`: what the users are kept in.
- `draft`, `way_in`, `search`: what was found, and the order of it all.

Nothing here judges an attack.
"""
