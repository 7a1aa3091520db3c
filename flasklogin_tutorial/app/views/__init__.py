"""The views: `auth` and `records` are the article's API, `pages` is for people."""
