"""A bank of apps that test the attacks: a hole in each, or what only looks like one.

`core` is what a sound app does, in pieces, and `shapes` makes three apps of the pieces: a JSON API,
pages with forms and CSRF tokens, and MongoEngine with embedded documents. A hole replaces a piece
(`holes`), and so does what looks like one (`look_alikes`): one small function for all shapes where
it can be.
"""
