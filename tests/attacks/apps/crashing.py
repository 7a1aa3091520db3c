"""An app that crashes on everything it is asked."""

from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.before_request
    def crash():
        raise RuntimeError("nothing works today")

    @app.route("/", methods=["GET", "POST", "PUT", "DELETE"])
    @app.route("/login", methods=["GET", "POST"])
    @app.route("/logout", methods=["POST"])
    @app.route("/user_info", methods=["POST"])
    def never():
        return "never reached"

    return app
