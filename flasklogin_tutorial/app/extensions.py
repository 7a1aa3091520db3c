"""The Flask extensions that other modules need by name; `create_app` binds them to an app."""

from flask_mongoengine import MongoEngine
from flask_wtf import CSRFProtect

db = MongoEngine()
csrf = CSRFProtect()
