"""A course on access control in Flask: build the article's app, break it, ship it hardened."""

__version__ = "0.1.0"
