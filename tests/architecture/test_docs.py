"""What the README promises is what the code has."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings() -> list[str]:
    """Every environment variable that a config.py reads."""
    names: set[str] = set()
    for service in ("collector", "analyzer"):
        text = (ROOT / service / "config.py").read_text(encoding="utf-8")
        names |= set(re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', text))
    return sorted(names - {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})


@pytest.mark.parametrize("name", settings())
def test_every_setting_stands_in_the_configuration_table(name: str) -> None:
    """A setting that nobody can find does not exist."""
    names = [line.split("|")[1] for line in README.splitlines() if line.startswith("|")]
    assert sum(f"`{name}`" in cell for cell in names) == 1


def packages() -> list[str]:
    lines = [
        line
        for folder in ("collector", "analyzer", "tests")
        for line in (ROOT / folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    ]
    return sorted({re.split(r"[\[=<>]", line)[0] for line in lines if line and not line.startswith("#")})


@pytest.mark.parametrize("package", packages())
def test_every_dependency_says_why_it_is_there(package: str) -> None:
    """A library without a reason is a library to remove."""
    table = README.split("## What it stands on")[1].lower()
    assert package.lower() in table


def links() -> list[tuple[str, str]]:
    return [
        (page.relative_to(ROOT).as_posix(), target)
        for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("page", "target"), links())
def test_every_link_in_the_docs_leads_somewhere(page: str, target: str) -> None:
    """A dead link in a manual is found at 3 a.m."""
    assert (ROOT / page).parent.joinpath(target).exists()


TESTS: dict[str, set[str]] = {}  # file name -> functions, of all files of that name
for file in sorted((ROOT / "tests").rglob("test_*.py")):
    functions = re.findall(r"^def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    TESTS.setdefault(file.name, set()).update(functions)
TEST_NAME = re.compile(r"`(?:tests/[\w/]*/)?(test_\w+(?:\.py)?)`")


def named_tests() -> list[tuple[str, str, str]]:
    """(page, test file or "", file or function): the file is the one that was named before it in its line."""
    found = set()
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for line in page.read_text(encoding="utf-8").splitlines():
            file = ""
            for name in TEST_NAME.findall(line):
                file = name if name.endswith(".py") else file
                found.add((page.relative_to(ROOT).as_posix(), file, name))
    return sorted(found)


@pytest.mark.parametrize(("page", "file", "name"), named_tests())
def test_every_test_that_the_docs_name_exists(page: str, file: str, name: str) -> None:
    """A proof that nobody can run proves nothing."""
    there = TESTS.get(file, set()) if file else set().union(*TESTS.values())
    assert name in (TESTS if name.endswith(".py") else there)


def test_every_feature_of_the_form_has_its_verdict() -> None:
    """F1 to F17, each once: how high the bar was, and whether it is met."""
    page = (ROOT / "docs" / "form.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (F\d+) .*\| (?:beat|match): (?:met|partly)[^|]*\|$", page, re.MULTILINE)
    assert rows == [f"F{number}" for number in range(1, 18)]
