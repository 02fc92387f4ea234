"""Many small files become one: in order, each once, and only in the way that joining knows."""

from pathlib import Path

import pytest

from collector.assets import FOLDER
from collector.joining import join_modules
from tests.collector.house import House, build


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder / "main.js"


def test_what_is_needed_comes_first_and_once(tmp_path: Path) -> None:
    """A module that two others import is there once, before both."""
    entry = write(
        tmp_path,
        main='import { a } from "./a.js";\nimport { b } from "./b.js";\na(b);\n',
        a='// Why.\nimport { b } from "./b.js";\n  // Indented too.\nexport const a = () => b; // stays\n',
        b="export function b() {}\n",
    )
    assert join_modules(entry) == "function b() {}\n\nconst a = () => b; // stays\n\na(b);\n"


def test_a_ring_is_refused(tmp_path: Path) -> None:
    """Two modules that import each other have no first one."""
    entry = write(tmp_path, main='import { a } from "./a.js";\n', a='import { m } from "./main.js";\n')
    with pytest.raises(ValueError, match=r"main\.js -> a\.js -> main\.js"):
        join_modules(entry)


@pytest.mark.parametrize("text", ['import a from "./a.js";\n', "export default 5;\n", "export { a };\n"])
def test_another_spelling_is_refused(tmp_path: Path, text: str) -> None:
    """Better no start than a broken form."""
    with pytest.raises(ValueError, match="joining does not know"):
        join_modules(write(tmp_path, main=text))


def test_files_travel_compressed_to_who_can_read_it(tmp_path: Path) -> None:
    """Style, script and page; and plain to an old client."""
    house: House = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path)
    page = f"/f/{house.token()}"
    for address in (page, "/static/0/expert.js", "/static/0/expert.css"):
        plain = house.client.get(address)
        small = house.client.get(address, headers={"Accept-Encoding": "gzip"})
        refused = house.client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
        assert (plain.content_encoding, small.content_encoding) == (None, "gzip")
        assert refused.content_encoding is None
        assert len(small.data) * 3 < len(plain.data)
        assert "Accept-Encoding" in small.headers["Vary"]
    house.database.close()


def test_the_worker_knows_the_files_of_this_release(tmp_path: Path) -> None:
    """Its own address never changes, so it must not be kept; what it names may be kept for ever."""
    house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path)
    answer = house.client.get("/f/worker.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    shell = [part for part in answer.text.split('"') if part.startswith("/static/")]
    assert len([a for a in shell if "immutable" in house.client.get(a).headers["Cache-Control"]]) == 3
    assert (FOLDER / "worker.js").read_text("utf-8") in answer.text
    house.database.close()
