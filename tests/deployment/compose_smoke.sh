#!/usr/bin/env bash
# Builds and starts the whole deployment beside whatever runs here, sends responses through it, scales
# the worker, stops the broker and starts it again, and takes everything down.  `make compose-test`.
#
# Needs docker with compose v2, curl, and about 3 GB of memory.  Own project, own secrets, own port
# (SMOKE_PORT, 18080): a deployment on the same machine is not touched.
set -euo pipefail
cd "$(dirname "$0")/../.."

port=${SMOKE_PORT:-18080}
origin="http://127.0.0.1:$port"
work=$(mktemp -d)
visit=ruige-1124

compose() { docker compose --project-name debrief-smoke --env-file "$work/env" "$@"; }
collector() { compose exec -T collector python -m collector "$@"; }
read_json() { compose exec -T collector python -c "import json, sys; it = json.load(sys.stdin); print($1)"; }
ok() { echo "ok   $*"; }

fail() {
    echo "FAIL $*" >&2
    exit 1
}

clean_up() {
    local status=$?
    if [ "$status" != 0 ]; then
        compose ps -a || true
        compose logs --tail 30 || true
    fi
    compose down --volumes --timeout 20 >/dev/null 2>&1 || true
    # The secrets belong to root: a container wrote them.
    docker run --rm -v "$work:/smoke" python:3.13-slim rm -rf /smoke/secrets >/dev/null || true
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT

wait_for() { # SECONDS WHAT COMMAND…
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "not in time: $what"
        sleep 0.5
    done
    ok "$what"
}

post() { # LINK KEY: the status of a complete response
    curl -sS -o "$work/receipt" -w '%{http_code}' "$origin/api/v1/responses" \
        -H "Authorization: Bearer ${1##*/}" -H "Idempotency-Key: $2" -H 'Content-Type: application/json' \
        -d '{"language": "zh", "consent": {"use": true, "quote": true},
             "answers": {"overall": 4, "recommend": 9, "cooperate": "no",
                         "aspects": {"process": 4, "product": 5, "market": 3, "innovation": 4,
                                     "energy": 2, "safety": "opt_out", "management": 4},
                         "improve": "建议尽快解决粉尘问题。 Energy use is too high."}}'
}

new_key() { cat /proc/sys/kernel/random/uuid; }

answered() { # NUMBER: are so many in the digest, as a browser reads it?
    [ "$(curl -sS "$digest.json" | read_json 'it["responses"]["answered"]' 2>/dev/null)" = "$1" ]
}

collector_is() { # STATUS: what /readyz says, asked inside
    [ "$(compose exec -T collector python -c 'import json, urllib.request as r
print(json.load(r.urlopen("http://127.0.0.1:8000/readyz"))["status"])')" = "$1" ]
}

consumers() { # NUMBER: workers on the queue
    [ "$(compose exec -T rabbitmq rabbitmqctl -q list_queues name consumers --no-table-headers |
        awk '$1 == "analyzer.responses" { print $2 }')" = "$1" ]
}

sed -e "s|^PUBLIC_URL=.*|PUBLIC_URL=$origin|" -e "s|^HTTP_PORT=.*|HTTP_PORT=$port|" \
    -e "s|^SECRETS_DIR=.*|SECRETS_DIR=$work/secrets|" -e 's|^DEBRIEF_VERSION=.*|DEBRIEF_VERSION=smoke|' \
    .env.example >"$work/env"

started=$SECONDS
compose up -d --build --wait --quiet-pull
ok "up after $((SECONDS - started)) s"

collector load collector/samples/yuncheng-13.yaml --starting "$(date -u +%F)" >/dev/null
link=$(collector invitations --visit "$visit" --json | read_json '[x["url"] for x in it if x["kind"] == "open"][0]')
digest=$(collector digest-link "$visit" --json | read_json 'it["url"]')
overview=$(collector organiser-link yuncheng-13 --json | read_json 'it["url"]')
for page in "$link" "$overview" "$origin/openapi.json"; do
    [ "$(curl -sS -o "$work/page" -w '%{http_code}' "$page")" = 200 ] || fail "$page does not open"
done
ok "form, overview and API description open through the proxy"
wait_for 30 "the visit reached the analyzer" answered 0

for path in /healthz /readyz /metrics; do
    [ "$(curl -sS -o "$work/page" -w '%{http_code}' "$origin$path")" = 404 ] || fail "$path is public"
done
ok "health and metrics are not public"

[ "$(post "$link" "$(new_key)")" = 201 ] || fail "the response was not accepted: $(cat "$work/receipt")"
wait_for 20 "a response is in the digest" answered 1

compose up -d --wait --no-recreate --scale analyzer-worker=2 2>/dev/null
wait_for 60 "two workers share the queue" consumers 2
for _ in $(seq 20); do
    [ "$(post "$link" "$(new_key)")" = 201 ] || fail "a response was not accepted: $(cat "$work/receipt")"
done
wait_for 30 "20 more are in the digest" answered 21

compose stop rabbitmq 2>/dev/null
[ "$(post "$link" "$(new_key)")" = 201 ] || fail "refused while the broker is stopped: $(cat "$work/receipt")"
ok "accepted while the broker is stopped"
wait_for 60 "the collector says degraded, and stays ready" collector_is degraded
compose start rabbitmq 2>/dev/null
wait_for 120 "it arrived when the broker was back" answered 22
wait_for 60 "the collector is well again" collector_is ready

compose stop postgres 2>/dev/null
key=$(new_key)
[ "$(post "$link" "$key")" = 503 ] || fail "not 503 while the database is stopped: $(cat "$work/receipt")"
ok "503 while the database is stopped: the phone keeps what was typed"
compose start postgres 2>/dev/null
accepted() { [ "$(post "$link" "$key")" = 201 ]; }
wait_for 60 "the same response is accepted when the database is back" accepted
wait_for 60 "and is in the digest, once" answered 23

psql() { compose exec -T postgres psql -h 127.0.0.1 -d debrief -U "$1" -c "$2"; }
psql collector 'SELECT id FROM collector.expert LIMIT 1' >/dev/null || fail "the collector cannot read its own tables"
! psql analyzer 'SELECT id FROM collector.expert LIMIT 1' >/dev/null 2>&1 || fail "the analyzer can read who an expert is"
ok "the analyzer's database role cannot read the collector's tables"

for service in collector relay analyzer analyzer-worker; do
    [ "$(compose exec -T "$service" id -u)" = 10001 ] || fail "$service runs as root"
    ! compose exec -T "$service" touch /app/x 2>/dev/null || fail "$service can change its own code"
done
ok "the roles run as uid 10001 on a read-only root"
docker stats --no-stream --format 'table {{.Name}}\t{{.MemUsage}}\t{{.PIDs}}' $(compose ps -q)

grep -qF "${link##*/}" <(compose logs --no-log-prefix proxy) && fail "a token is in the proxy's log"
ok "no token in the proxy's log"

stopping=$SECONDS
compose down --volumes 2>/dev/null
[ -z "$(docker ps -aq --filter label=com.docker.compose.project=debrief-smoke)" ] || fail "containers are left"
ok "down after $((SECONDS - stopping)) s; all of it took $SECONDS s"
