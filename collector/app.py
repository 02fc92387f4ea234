"""The collector as a WSGI application: views, errors, headers.  The server around it is web.py."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from collector import assets, edges, facts, refusals, squeezing
from collector.config import Config
from collector.darkroom import Darkroom
from collector.database import Database, open_database
from collector.desk import Clock, Desk, utc_now
from collector.intake import Intake
from collector.photostore import open_photo_store
from collector.stages import AnalyzerDesk
from collector.studio import Studio
from collector.views.api import api
from collector.views.attachments import attachments
from collector.views.docs import docs
from collector.views.forms import forms
from collector.views.health import health
from collector.views.lost import lost
from collector.views.overview import overview
from collector.views.phone import phone
from collector.views.photos import picture
from collector.views.receipt import receipt
from collector.views.voice import speech

LARGEST_BODY = 256 * 1024  # bytes of one request; a full response of long texts takes about 20 KiB


def create_app(config: Config, *, clock: Clock = utc_now, database: Database | None = None) -> Flask:
    """Opens nothing yet: the first request connects.  Raises BadConfig without a SECRET_KEY."""
    secret = config.require_secret()
    database = database or open_database(config.database_url)
    store = open_photo_store(config.photo_store_url)
    app = Flask("collector", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.extensions["debrief"] = Desk(
        config,
        secret,
        database,
        Intake(database),
        Darkroom(database, store, clock),
        Studio(database, store, clock),
        AnalyzerDesk(config.analyzer_url, secret, clock),
        clock,
    )
    for blueprint in (forms, phone, api, picture, speech, receipt, lost, overview, attachments, docs, health):
        app.register_blueprint(blueprint)
    app.jinja_env.globals["kept_facts"] = facts.kept
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    assets.install(app)
    edges.install(app)
    squeezing.install(app)
    refusals.install(app)
    return app
