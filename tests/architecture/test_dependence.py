"""The five sentences of dependence (docs/architecture.md), held by walking every import."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("collector", "analyzer")

# Pure rooms, and the one library each may use besides the standard library and other pure rooms.
PURE: dict[str, set[str]] = {
    "collector/questionnaire.py": {"marshmallow"},
    "collector/questionnaire_checks.py": set(),
    "collector/rules.py": set(),
    "collector/rule_checks.py": set(),
    "collector/roles.py": set(),
    "collector/values.py": set(),
    "collector/plaintext.py": set(),
    "collector/wording.py": set(),
    "collector/answering.py": set(),
    "collector/messages.py": {"uuid6"},
    "collector/programme.py": {"marshmallow", "ruamel"},
    "collector/programme_checks.py": {"marshmallow"},
    "collector/differences.py": set(),
    "collector/links.py": {"itsdangerous"},
    "analyzer/messages.py": {"marshmallow"},
    "analyzer/message_shapes.py": {"marshmallow"},
    "analyzer/message_values.py": {"marshmallow"},
    "analyzer/reading.py": set(),
    "analyzer/links.py": {"itsdangerous"},
    "analyzer/digests/build.py": set(),
    "analyzer/digests/last.py": set(),
    "analyzer/digests/readings.py": set(),
    "analyzer/digests/plainness.py": set(),
    "analyzer/digests/spans.py": set(),
    "analyzer/digests/texts.py": set(),
    "analyzer/digests/photos.py": set(),
    "analyzer/digests/content.py": set(),
    "analyzer/digests/as_csv.py": set(),
    "analyzer/digests/as_xlsx.py": {"xlsxwriter"},
    "analyzer/digests/as_pdf.py": {"weasyprint"},
    "analyzer/digests/as_email.py": set(),
    "analyzer/digests/renderers.py": set(),
}
# Effects and hidden inputs that no pure room may reach.
IMPURE = {
    "flask",
    "sqlalchemy",
    "alembic",
    "pika",
    "granian",
    "psycopg",
    "sqlite3",
    "socket",
    "subprocess",
    "threading",
    "random",
    "logging",
}
DOORS = {
    "pika": {"collector/publishers/rabbit.py", "analyzer/consumers/rabbit.py"},
    "weasyprint": {"analyzer/digests/as_pdf.py"},
    "xlsxwriter": {"analyzer/digests/as_xlsx.py"},
}
EQUAL_DOORS = ("views", "relay", "worker")


def modules(service: str) -> list[Path]:
    return sorted(p for p in (ROOT / service).rglob("*.py") if "migrations" not in p.parts)


def imports(path: Path) -> Iterator[str]:
    """Every absolute dotted name that a file imports, at the top or inside a function."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (base, node.module) if part)
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def libraries(path: Path) -> set[str]:
    """First parts of everything that a file imports."""
    return {i.split(".")[0] for i in imports(path)}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("service", SERVICES)
def test_the_services_never_import_each_other(service: str) -> None:
    """Only the message contract stands between them, so each can be deployed alone."""
    other = next(s for s in SERVICES if s != service)
    guilty = [name(p) for p in modules(service) if other in libraries(p)]
    assert guilty == []


def pure_rooms() -> list[Path]:
    named = [ROOT / relative for relative in PURE]
    whole = [p for p in modules("analyzer") if {"analysis", "digests"} & set(p.parts)]
    return sorted({*named, *whole})


@pytest.mark.parametrize("path", pure_rooms(), ids=name)
def test_a_pure_room_reaches_no_effect(path: Path) -> None:
    """The same input always gives the same output: no web, no database, no broker, no environment."""
    found = {i for i in imports(path) if i.split(".")[0] in IMPURE or i in {"os", "os.environ", "time"}}
    assert found == set()


@pytest.mark.parametrize("relative", sorted(PURE))
def test_a_pure_room_uses_at_most_its_one_library(relative: str) -> None:
    """Pure rooms stay readable without knowing a framework."""
    foreign = libraries(ROOT / relative) - set(sys.stdlib_module_names) - set(SERVICES)
    assert foreign <= PURE[relative]


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_library_has_one_door_in_each_service(library: str) -> None:
    """Whoever replaces the library opens one file."""
    users = {
        name(p) for s in SERVICES for p in modules(s) if library in {i.split(".")[0] for i in imports(p)}
    }
    assert users == DOORS[library]


def test_textblob_has_one_door() -> None:
    """Whoever replaces TextBlob opens analyzer/analysis/sentiment.py."""
    users = {name(p) for p in modules("analyzer") if "textblob" in libraries(p)}
    assert users == {"analyzer/analysis/sentiment.py"}


@pytest.mark.parametrize("service", SERVICES)
def test_doors_of_equal_rank_do_not_import_each_other(service: str) -> None:
    """Views, relay and worker can each run alone in a process of their own."""
    for path in modules(service):
        room = path.relative_to(ROOT / service).parts[0].removesuffix(".py")
        if room not in EQUAL_DOORS:
            continue
        others = {f"{service}.{door}" for door in EQUAL_DOORS if door != room}
        reached = {i for i in imports(path) for other in others if i == other or i.startswith(other + ".")}
        assert reached == set(), name(path)


@pytest.mark.parametrize("service", SERVICES)
def test_tables_import_nothing_of_ours(service: str) -> None:
    """Tables are the ground floor: everything may stand on them, they stand on nothing."""
    assert libraries(ROOT / service / "tables.py").isdisjoint(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_only_config_reads_the_environment(service: str) -> None:
    """Configuration is read once, in one place, and handed on."""
    readers = {
        name(p)
        for p in modules(service)
        if "environ" in (text := p.read_text(encoding="utf-8")) and ("os.environ" in text or "getenv" in text)
    }
    allowed = {f"{service}/{f}" for f in ("__main__.py", "app.py", "web.py", "config.py")}
    assert readers <= allowed, readers - allowed
