"""Alembic's entry: run the revisions on the connection that database.migrate hands over."""

from alembic import context

from analyzer.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction holds everything, on both databases
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
