"""The analyzer as a WSGI application: views, errors, headers.  The server around it is web.py."""

from functools import partial

from flask import Flask

from analyzer import assets, edges, refusals
from analyzer.config import Config
from analyzer.consumers import open_dead_letters
from analyzer.database import Database, open_database
from analyzer.naming import topic_labels
from analyzer.reception import Clock, Reception, utc_now
from analyzer.views.digests import digests
from analyzer.views.files import files
from analyzer.views.health import health
from analyzer.views.items import items
from analyzer.views.openings import openings
from analyzer.views.stages import stages
from analyzer.views.statements import statements


def create_app(config: Config, *, clock: Clock = utc_now, database: Database | None = None) -> Flask:
    """Connects to nothing yet.  Raises BadConfig without a SECRET_KEY or with a wrong taxonomy."""
    app = Flask("analyzer", static_folder=None, template_folder=None)
    app.extensions["debrief"] = Reception(
        config=config,
        secret=config.require_secret_key(),
        database=database or open_database(config.database_url),
        labels=topic_labels(config.taxonomy),
        dead_letters=partial(open_dead_letters, config.amqp_url),
        clock=clock,
    )
    for blueprint in (digests, files, items, statements, openings, stages, health):
        app.register_blueprint(blueprint)
    for part in (assets, edges, refusals):
        part.install(app)
    return app
