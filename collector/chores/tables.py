"""`init-db`: makes the tables, or brings them to this version."""

from argparse import Namespace

from collector.chores import Chores
from collector.config import Config
from collector.database import open_database
from collector.migrations import migrate


def add_to(chores: Chores) -> None:
    parser = chores.add_parser("init-db", help="make the tables, or bring them up to date; safe to repeat")
    parser.set_defaults(run=init_db)


def init_db(arguments: Namespace, config: Config) -> int:
    database = open_database(config.database_url)
    try:
        migrate(database)
    finally:
        database.close()
    print("The tables are up to date.")
    return 0
