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
