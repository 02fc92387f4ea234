#!/bin/sh
# Run once, by the empty database server: one role per service, so that neither can read the other's
# tables.  The collector alone knows who an expert is; the analyzer's role must not be able to look.
set -eu

for service in collector analyzer; do
    psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
        -v service="$service" -v password="$(cat "/run/secrets/${service}_password")" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
GRANT CREATE ON DATABASE debrief TO :"service";
SQL
done
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
