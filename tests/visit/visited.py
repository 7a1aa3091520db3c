"""An app that tells what it was sent, and answers in many ways."""

from flask import (
    Flask,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    request,
)
from flask_login import LoginManager, UserMixin, current_user, login_user

VERBS = ["GET", "POST", "PUT", "DELETE", "PATCH"]

#: What an HTTP server adds to the answer of an app.
SERVER_HEADERS = {"Server", "Date", "Connection", "Transfer-Encoding"}

#: Seconds after which a test that waits for another thread gives up.
PATIENCE = 30


class Member(UserMixin):
    def __init__(self, id):
        self.id = id


def make_app():
    """Make an app that tells what it was sent, and answers in many ways."""
    app = Flask("visited")
    app.secret_key = "some key"
    app.received = []
    login_manager = LoginManager(app)
    login_manager.user_loader(Member)

    @app.before_request
    def remember():
        app.received.append(request.path)

    @app.route("/echo/", methods=VERBS)
    @app.route("/echo/<path:rest>", methods=VERBS)
    def echo(rest=""):
        return jsonify(
            rest=rest,
            path=request.path,
            method=request.method,
            args=request.args.to_dict(flat=False),
            form=request.form.to_dict(flat=False),
            files={name: file.read().decode() for name, file in request.files.items()},
            body=request.get_data(as_text=True),
            headers=dict(request.headers),
            cookies=request.cookies,
            address=request.remote_addr,
        )

    @app.get("/redirect")
    def redirect_to():
        return redirect(request.args["to"])

    @app.get("/cookies")
    def set_cookies():
        answer = make_response("two cookies")
        answer.set_cookie("first", "1", max_age=3600, httponly=True)
        answer.set_cookie("second", "2; with = signs")
        return answer

    @app.get("/no-cookies")
    def delete_cookie():
        answer = make_response("one cookie less")
        answer.delete_cookie("first")
        return answer

    @app.get("/status/<int:code>")
    def status(code):
        return Response("", status=code, headers=[("X-Two", "a"), ("X-Two", "b")])

    @app.get("/stream")
    def stream():
        return Response(iter(["one ", "two"]), mimetype="text/plain")

    @app.get("/bytes")
    def some_bytes():
        return Response(bytes(range(256)), mimetype="application/octet-stream")

    @app.get("/forbidden")
    def forbidden():
        abort(403)

    @app.get("/boom")
    def boom():
        app.logger.warning("about to fail")
        raise RuntimeError("no more fuel\nand no oil")

    @app.get("/half")
    def half():
        def chunks():
            yield "one"
            raise RuntimeError("no second half")

        return Response(chunks())

    @app.get("/log")
    def log():
        app.logger.error("something odd")
        return "logged"

    @app.get("/login/<name>")
    def login(name):
        login_user(Member(name))
        return jsonify(user=current_user.id)

    @app.get("/me")
    def me():
        return jsonify(user=getattr(current_user, "id", None))

    return app
