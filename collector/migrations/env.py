"""Alembic's way in: runs the revisions on the connection that migrate() holds open."""

from alembic import context

from collector.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
