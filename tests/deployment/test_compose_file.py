"""The deployment's files, read and not run: what a review would look for, each time.

`make compose-test` runs them; this suite needs no Docker.
"""

import os
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = YAML(typ="safe", pure=True).load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT = {"secrets", "migrate-collector", "migrate-analyzer"}
LASTING = sorted(set(SERVICES) - ONE_SHOT)
OURS = sorted(name for name, service in SERVICES.items() if "build" in service and name != "secrets")
DOCKERFILES = ["collector/Dockerfile", "analyzer/Dockerfile"]
SECRETS = "${SECRETS_DIR:-./secrets}"
UNITS = {"m": 1, "g": 1024}


def limits(name: str) -> dict[str, Any]:
    return dict(SERVICES[name]["deploy"]["resources"]["limits"])


def megabytes(name: str) -> int:
    memory = str(limits(name)["memory"])
    return int(memory[:-1]) * UNITS[memory[-1]]


def instructions(dockerfile: str) -> list[str]:
    """The Dockerfile's instructions, continued lines joined, comments out."""
    text = (ROOT / dockerfile).read_text("utf-8").replace("\\\n", " ")
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line and line[0] not in "# "]


def test_the_deployment_has_the_four_roles_and_their_neighbours() -> None:
    """One broker, one database, one proxy, two migrations, four roles."""
    assert set(SERVICES) == ONE_SHOT | {
        "rabbitmq",
        "postgres",
        "collector",
        "relay",
        "analyzer-worker",
        "analyzer",
        "proxy",
    }
    commands = {name: SERVICES[name]["command"] for name in OURS}
    assert commands == {
        "migrate-collector": ["init-db"],
        "migrate-analyzer": ["init-db"],
        "collector": ["web"],
        "relay": ["relay"],
        "analyzer-worker": ["work"],
        "analyzer": ["web"],
    }


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_confined(name: str) -> None:
    """A hole in one of them must not become a hole in the host."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_has_limits(name: str) -> None:
    """One that runs wild must not take the others along."""
    assert set(limits(name)) == {"cpus", "memory", "pids"}


def test_the_whole_fits_into_two_gigabytes() -> None:
    """The smallest machine that is rented out."""
    assert sum(map(megabytes, LASTING)) <= 2048
    assert sum(map(megabytes, ONE_SHOT)) <= megabytes("collector") + megabytes("analyzer")


@pytest.mark.parametrize("name", LASTING)
def test_what_runs_on_is_watched_restarted_and_stopped_in_peace(name: str) -> None:
    """A health check of its own, a restart policy, time for what is in flight, logs that end."""
    service = SERVICES[name]
    assert "test" in service.get("healthcheck", {}) or name in ("collector", "analyzer")  # in their images
    assert service["restart"] == "unless-stopped"
    assert re.fullmatch(r"\d+s", service["stop_grace_period"])
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize("name", sorted(ONE_SHOT))
def test_what_runs_once_is_not_repeated(name: str) -> None:
    """A failed migration is looked at, not tried for ever."""
    assert SERVICES[name]["restart"] == "no"


def test_the_start_is_in_order() -> None:
    """Secrets, then servers, then tables, then roles, then the proxy; each waits for a condition."""
    done, healthy = "service_completed_successfully", "service_healthy"
    needs = {
        name: {other: how["condition"] for other, how in SERVICES[name].get("depends_on", {}).items()}
        for name in SERVICES
    }
    assert needs == {
        "secrets": {},
        "rabbitmq": {"secrets": done},
        "postgres": {"secrets": done},
        "migrate-collector": {"postgres": healthy},
        "migrate-analyzer": {"postgres": healthy},
        "collector": {"migrate-collector": done},
        "relay": {"migrate-collector": done},
        "analyzer-worker": {"migrate-analyzer": done},
        "analyzer": {"migrate-analyzer": done},
        "proxy": {"collector": healthy, "analyzer": "service_started"},  # forms open without digests
    }


def test_the_proxy_is_the_only_door() -> None:
    """Broker, database, health and metrics are reached from inside only."""
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {n for n, service in SERVICES.items() if "outside" in service.get("networks", [])} == {"proxy"}


def test_the_worker_can_be_scaled() -> None:
    """A fixed name or port would allow one only."""
    assert not {"container_name", "hostname", "ports"} & SERVICES["analyzer-worker"].keys()


@pytest.mark.parametrize("name", OURS)
def test_secrets_are_files(name: str) -> None:
    """An environment can be read with `docker inspect`, and is inherited by every child."""
    environment = SERVICES[name]["environment"]
    for secret in ("SECRET_KEY", "DATABASE_URL", "AMQP_URL"):
        assert secret not in environment
        assert environment[f"{secret}_FILE"].startswith("/run/secrets/")


def test_each_service_sees_its_own_secrets_only() -> None:
    """The analyzer has no way into the collector's tables, where the names are."""
    seen = {
        name: [
            v.removeprefix(SECRETS).split(":")[0]
            for v in SERVICES[name].get("volumes", [])
            if v.startswith(SECRETS)
        ]
        for name in SERVICES
        if name != "secrets"
    }
    assert {part for name in ("collector", "relay", "migrate-collector") for part in seen[name]} == {
        "/collector"
    }
    assert {part for name in ("analyzer", "analyzer-worker", "migrate-analyzer") for part in seen[name]} == {
        "/analyzer"
    }
    assert seen["postgres"] == ["/postgres"]
    assert seen["rabbitmq"] == ["/rabbitmq"]
    assert seen["proxy"] == []


def test_no_secret_stands_in_a_file_of_the_repository() -> None:
    """What is copied from an example ends up in production."""
    for name in ("docker-compose.yml", ".env.example", "deploy/rabbitmq.conf", "deploy/nginx.conf"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"(?im)^\s*[a-z_]*(password|default_pass|secret_key)\s*[=:]\s*\S", text), name
    assert {".env", "secrets/"} <= set((ROOT / ".gitignore").read_text().split())


def test_every_image_has_a_tag() -> None:
    """`latest` is another program every month."""
    for name, service in SERVICES.items():
        assert re.search(r":[^/]+$", service["image"]), name
        assert not service["image"].endswith(":latest"), name


def test_every_setting_of_the_compose_file_is_in_the_example() -> None:
    """One copy of .env.example is all that a first start needs."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    used = set(re.findall(r"\$\{([A-Z_]+)", text))
    offered = set(re.findall(r"(?m)^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8")))
    assert used == offered


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_an_image_is_slim_and_runs_as_nobody_in_particular(dockerfile: str) -> None:
    """Two stages, a numeric user, exec form, a health check, an orderly end."""
    lines = instructions(dockerfile)
    assert [line for line in lines if line.startswith("FROM ")] == [
        "FROM python:3.13-slim AS packages",
        "FROM python:3.13-slim",
    ]
    assert "USER 10001:10001" in lines
    assert "STOPSIGNAL SIGTERM" in lines
    assert sum(line.startswith("HEALTHCHECK ") for line in lines) == 1
    assert [line for line in lines if line.startswith(("ENTRYPOINT", "CMD"))] == [
        f'ENTRYPOINT ["python", "-m", "{dockerfile.split("/")[0]}"]',
        'CMD ["web"]',
    ]


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_an_image_holds_pinned_packages_and_one_service(dockerfile: str) -> None:
    """Built again in a year it is the same; the other service's code is not in it."""
    service = dockerfile.split("/")[0]
    copies = [line for line in instructions(dockerfile) if line.startswith("COPY ")]
    assert copies == [
        f"COPY constraints.txt {service}/requirements.txt ./",
        "COPY --from=packages /packages /usr/local",
        f"COPY {service} {service}",
    ]
    install = next(line for line in instructions(dockerfile) if "pip install" in line)
    assert "-r requirements.txt -c constraints.txt" in install
    assert "--only-binary :all:" in install


@pytest.mark.parametrize("service", ["collector", "analyzer"])
def test_every_requirement_is_pinned_and_its_companions_too(service: str) -> None:
    """A constraint without == is a wish."""
    lines = (ROOT / service / "requirements.txt").read_text().splitlines()
    lines += (ROOT / "constraints.txt").read_text().splitlines()
    assert [x for x in lines if x and x[0] != "#" and not re.fullmatch(r"[\w.\[\]-]+==[\w.]+", x)] == []


def test_only_named_files_reach_the_build() -> None:
    """Neither .env nor secrets/ nor var/ can end up in an image."""
    lines = [x for x in (ROOT / ".dockerignore").read_text().splitlines() if x and x[0] != "#"]
    assert lines[0] == "*"
    assert {x for x in lines if x[0] == "!"} == {"!constraints.txt", "!collector", "!analyzer"}


def make_secrets(folder: Path) -> dict[str, str]:
    """Run deploy/make-secrets.  Returns every file's content by its name below `folder`."""
    subprocess.run(["sh", str(ROOT / "deploy/make-secrets"), str(folder)], check=True, capture_output=True)
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    """The second start must not lock itself out of its own database."""
    first = make_secrets(tmp_path / "secrets")
    assert make_secrets(tmp_path / "secrets") == first
    assert set(first) == {
        "collector/secret_key",
        "collector/database_url",
        "collector/amqp_url",
        "analyzer/secret_key",
        "analyzer/database_url",
        "analyzer/amqp_url",
        "postgres/superuser_password",
        "postgres/collector_password",
        "postgres/analyzer_password",
        "rabbitmq/90-user.conf",
    }


def test_secrets_fit_together(tmp_path: Path) -> None:
    """One key on both sides, the servers' passwords in the services' URLs, each database its own role."""
    made = {name: text.strip() for name, text in make_secrets(tmp_path / "secrets").items()}
    assert made["collector/secret_key"] == made["analyzer/secret_key"]
    assert len(made["collector/secret_key"]) >= 32
    for service in ("collector", "analyzer"):
        password = made[f"postgres/{service}_password"]
        assert made[f"{service}/database_url"] == f"postgresql://{service}:{password}@postgres:5432/debrief"
        broker = made["rabbitmq/90-user.conf"].rpartition("default_pass = ")[2]
        assert made[f"{service}/amqp_url"] == f"amqp://debrief:{broker}@rabbitmq:5672/"
    passwords = {made[f"postgres/{who}_password"] for who in ("superuser", "collector", "analyzer")}
    assert len(passwords | {made["collector/secret_key"]}) == 4


def test_secrets_of_your_own_are_kept(tmp_path: Path) -> None:
    """A managed database brings its own URL."""
    folder = tmp_path / "secrets" / "collector"
    folder.mkdir(parents=True)
    (folder / "database_url").write_text("postgresql://managed.example.org/debrief\n")
    assert make_secrets(tmp_path / "secrets")["collector/database_url"].startswith("postgresql://managed")


def test_secrets_are_closed_to_other_users_and_open_to_containers(tmp_path: Path) -> None:
    """The folder keeps the host's other users out; a container's user has a number of its own."""
    make_secrets(tmp_path / "secrets")
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets/collector").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "secrets/collector/secret_key").stat().st_mode) == 0o444


@pytest.mark.parametrize("script", ["deploy/make-secrets", "deploy/make-venv", "deploy/postgres/10-roles.sh"])
def test_scripts_are_plain_sh_and_executable(script: str) -> None:
    """They run in other people's containers and on machines without bash."""
    assert (ROOT / script).read_text().startswith("#!/bin/sh\n")
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["sh", "-n", str(ROOT / script)], check=True)


def test_the_proxy_knows_the_analyzer_paths_and_hides_the_inner_ones() -> None:
    """Digests from the analyzer, everything else from the collector, health and metrics from nobody."""
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    routes = dict(re.findall(r"location (?:= )?(/\S*) \{ (.+?); \}", text.split("listen 8080")[1]))
    assert routes == {
        "/healthz": "return 404",
        "/readyz": "return 404",
        "/metrics": "return 404",
        "/d/": "proxy_pass $analyzer",
        "/digest-static/": "proxy_pass $analyzer",
        "/schemas/": "proxy_pass $analyzer",
        "/api/v1/digests": "proxy_pass $analyzer",
        "/": "proxy_pass $collector",
    }


def test_no_token_reaches_the_proxys_log() -> None:
    """Whoever reads a log must not be able to answer for an expert."""
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    log_format = text[text.index("log_format") : text.index("access_log /dev/stdout")]
    assert "$uri_without_token" in log_format
    assert not re.search(r"\$(request|request_uri|uri|http_referer|args)\b(?!_)", log_format)
