"""`python -m analyzer analyse`: lines of JSON in, lines of JSON out."""

import io
import json
import os
import pty
import subprocess
import sys
import termios
from contextlib import suppress

import pytest

from analyzer.analyse_command import main
from analyzer.analysis import load_engine
from analyzer.analysis.engine import AT_ONCE


def run(lines: str, *argv: str) -> tuple[int, list[dict]]:
    out = io.StringIO()
    code = main(argv, io.StringIO(lines), out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_text_gives_one_line_with_its_id() -> None:
    """The output can be joined to the input by id."""
    code, rows = run('{"id": "a", "text": "The line is excellent."}\n{"id": 7, "text": "能耗偏高。"}\n')
    assert code == 0
    assert [(r["id"], r["lang"], r["sentiment"]) for r in rows] == [
        ("a", "en", "positive"),
        (7, "zh", "negative"),
    ]


def test_spans_are_code_points_of_the_given_text() -> None:
    """A reader in any language can cut the words out of the text again."""
    text = "😀 你好。設備很先進。"
    _, rows = run(json.dumps({"id": 1, "text": text}))
    for sentence in rows[0]["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
        for aspect in sentence["aspects"]:
            assert text[aspect["start"] : aspect["end"]] == aspect["evidence"]


def test_a_bad_line_is_named_and_the_rest_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """One broken line must not cost the other thousand."""
    code, rows = run('{"id": 1, "text": "Good."}\nnot json\n{"id": 3}\n\n{"id": 5, "text": "Bad."}\n')
    assert code == 1
    assert [r["id"] for r in rows] == [1, 5]
    problems = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [p["line"] for p in problems] == [2, 3]


@pytest.mark.parametrize(
    "name", ["12345678901234567890123456789", '{"visit": [1.0, "a"]}', '"炉"', "null", "true"]
)
def test_an_id_comes_back_exactly_as_it_was_written(name: str) -> None:
    """Whatever others count their texts by."""
    out = io.StringIO()
    assert main([], io.StringIO(f'{{"text": "Good.", "id": {name}}}\n'), out) == 0
    assert out.getvalue().startswith(f'{{"id":{name},')


def test_half_of_a_character_refuses_its_line_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """It cannot be written as UTF-8; the lines around it are read."""
    code, rows = run(
        '{"id": 1, "text": "Good."}\n{"id": 2, "text": "bad \\ud83d one"}\n{"id": 3, "text": "Bad."}\n'
    )
    assert (code, [r["id"] for r in rows]) == (1, [1, 3])
    assert json.loads(capsys.readouterr().err)["line"] == 2


CALLED = [sys.executable, "-m", "analyzer", "analyse"]
# As on most machines: what is written waits in a buffer, and text that is read must be UTF-8.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
BUFFERED["PYTHONIOENCODING"] = "utf-8:strict"


def command(given: bytes, *argv: str) -> subprocess.CompletedProcess[bytes]:
    """The command as it is called, with bytes."""
    return subprocess.run([*CALLED, *argv], input=given, capture_output=True, env=BUFFERED, check=False)


def test_bytes_that_are_no_utf_8_refuse_their_line_alone() -> None:
    """Files come from spreadsheets; whatever is in them, the other lines are read."""
    done = command(
        b'\xef\xbb\xbf{"id": 1, "text": "Good."}\n{"id": 2, "text": "caf\xe9"}\r\n{"id": 3, "text": "Bad."}'
    )
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 3]
    assert json.loads(done.stderr)["line"] == 2


def test_a_line_nested_without_end_is_refused_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    """No input ends the command."""
    code, rows = run(
        '{"id": ' + "[" * 100_000 + "]" * 100_000 + ', "text": "x"}\n{"id": 2, "text": "Good."}\n'
    )
    assert (code, [r["id"] for r in rows]) == (1, [2])
    assert json.loads(capsys.readouterr().err) == {"line": 1, "error": "nested too deeply"}


@pytest.mark.parametrize("argv", [(), ("--explain", "Good.")])
def test_who_has_seen_enough_sees_no_trace(argv: tuple[str, ...]) -> None:
    """`| head`, `| true`."""
    called, pipe = [*CALLED, *argv], subprocess.PIPE
    with subprocess.Popen(called, stdin=pipe, stdout=pipe, stderr=pipe, env=BUFFERED) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.write(b'{"text": "Good."}\n')
            process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.parametrize(
    ("redirected", "said"),
    [
        ("<&-", "input or output is closed"),
        (">&-", "input or output is closed"),
        (">/dev/full", "No space left"),
    ],
)
def test_a_closed_or_full_end_is_said_in_one_line(redirected: str, said: str) -> None:
    """At three in the morning, from a script."""
    called = f'"{sys.executable}" -m analyzer analyse {redirected}'
    done = subprocess.run(
        ["bash", "-c", called], input=b'{"text": "Good."}\n', capture_output=True, check=False
    )
    assert done.returncode == 1
    [line] = done.stderr.decode().splitlines()
    assert said in line


def test_a_question_without_a_text_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """It would be ignored."""
    with pytest.raises(SystemExit) as ended:
        main(["--question", "improve"], io.StringIO(), io.StringIO())
    assert ended.value.code == 2
    assert "--explain" in capsys.readouterr().err


def test_more_lines_than_a_block_keep_their_order_and_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """Blocks are a matter of speed alone."""
    count = 2 * AT_ONCE + 3
    lines = [json.dumps({"id": number, "text": f"Line {number} is slow."}) for number in range(count)]
    lines[AT_ONCE + 1] = "no JSON"
    code, rows = run("\n".join(lines))
    assert code == 1
    assert [r["id"] for r in rows] == [n for n in range(count) if n != AT_ONCE + 1]
    assert [r["sentences"][0]["text"] for r in rows] == [f"Line {r['id']} is slow." for r in rows]
    assert json.loads(capsys.readouterr().err)["line"] == AT_ONCE + 2


# A process of its own is small: of its children's memory none is its own.
MEASURED = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "analyzer", "analyse"], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def most_memory(lines: int) -> int:
    """Of the command that reads so many lines of 500 sentences, in KB."""
    line = json.dumps({"text": "The furnace hall is dusty and loud. " * 500}) + "\n"
    command = [sys.executable, "-c", MEASURED]
    return int(subprocess.run(command, input=line * lines, capture_output=True, text=True, check=True).stdout)


def test_memory_does_not_grow_with_the_number_of_lines() -> None:
    """Long texts, many of them: what has been written is let go of."""
    few = most_memory(12)
    assert most_memory(48) < few + 15_000


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piped", [False, True])
def test_who_types_a_line_gets_its_answer_before_the_next(piped: bool) -> None:
    """At a terminal no block has to fill first, nor a buffer on the way to `jq`."""
    ours, theirs = pty.openpty()
    quiet = termios.tcgetattr(theirs)
    quiet[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, quiet)
    answers, out = os.pipe() if piped else (ours, theirs)
    process = subprocess.Popen(CALLED, stdin=theirs, stdout=out, stderr=out, env=BUFFERED)
    try:
        for text, sentiment in (("The hall is excellent.", "positive"), ("The hall is dirty.", "negative")):
            os.write(ours, json.dumps({"text": text}).encode() + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                answer += os.read(answers, 4096)
            assert json.loads(answer)["sentiment"] == sentiment
        os.write(ours, b"\x04")  # Ctrl-D
        assert process.wait() == 0
    finally:
        process.kill()
        process.wait()
        for end in {ours, theirs, answers, out}:
            os.close(end)


def test_a_foreign_text_is_unscorable_not_neutral() -> None:
    """What cannot be read is counted as unread."""
    _, rows = run('{"id": 1, "text": "Очень хорошая линия."}')
    assert rows[0]["lang"] == "other"
    assert rows[0]["sentiment"] is None
    assert rows[0]["polarity"] is None


def test_an_empty_text_has_no_sentences() -> None:
    """An answer of blanks is no answer."""
    _, rows = run('{"id": 1, "text": "  "}')
    assert rows[0]["sentences"] == []
    assert rows[0]["sentiment"] is None


def explained(text: str) -> list[str]:
    """The lines that a manager reads."""
    out = io.StringIO()
    assert main(["--explain", text], io.StringIO(), out) == 0
    return out.getvalue().splitlines()


def test_the_reasons_are_given_in_words() -> None:
    """A manager sees why, without a manual: every line but the last names words of the sentence."""
    said, verdict, *reasons, rest, first, second = explained(
        "The alloy is excellent, but the melt shop is dusty."
    )
    assert said == "“The alloy is excellent, but the melt shop is dusty.”"
    assert "criticism, a problem" in verdict
    assert any("word of praise or blame, “dusty”" in line for line in reasons)
    assert all(line.split("“")[1].strip("”") in said for line in reasons)
    assert "the other words" in rest
    assert "criticism, seen in “but the melt shop is dusty” (named by “dusty”)" in first
    assert "praise, seen in “The alloy is excellent” (named by “alloy”)" in second


def test_the_named_reasons_and_the_rest_add_up_to_the_direction() -> None:
    """Nothing is left out of the sum."""
    lines = explained("Nobody could show us the test records.")
    values = [float(line.split()[0]) for line in lines if line.strip()[0] in "+-"]
    (sentence,) = load_engine().analyse("Nobody could show us the test records.").sentences
    assert sum(values) == pytest.approx(sentence.explained()["direction"] / 10_000, abs=0.05)


def test_chinese_sentences_are_explained_in_chinese() -> None:
    """A request to mend is named as the sign of a fault; single characters are no reasons."""
    lines = explained("建议尽快解决跑冒滴漏问题。")
    assert "批评，属于建议" in lines[1]
    assert any("要求整改，说明存在不足“尽快”" in line for line in lines)
    assert all(len(line.split("“")[1].rstrip("”")) > 1 for line in lines[2:-2])


def test_a_foreign_sentence_is_said_to_be_unread() -> None:
    """No reading is invented for French."""
    assert explained("Bonjour, la visite était très bien.")[1:] == ["  not read: neither English nor Chinese"]


def test_a_wrong_taxonomy_is_refused_with_file_and_line(tmp_path, capsys) -> None:
    """Whoever edited the file learns where to look."""
    path = tmp_path / "topics.yaml"
    path.write_text('version: "1"\ntopics:\n  - id: Bad Id\n    label: {en: A, zh: 甲}\n', encoding="utf-8")
    assert main(["--taxonomy", str(path)], io.StringIO(), io.StringIO()) == 2
    assert f"{path}:3:" in capsys.readouterr().err


def test_an_explanation_names_no_word_twice() -> None:
    """To the model 偏高 and 偏高。 are two things, to a manager one; nor is praise "praise, praise"."""
    _, _, *reasons = explained("能耗偏高。")
    words = [line.partition("“")[2].partition("”")[0] for line in reasons if "用词" in line]
    assert words
    assert len(words) == len({word.strip("。") for word in words})
    assert explained("The alloy is excellent.")[1].startswith("  reads as praise (")
