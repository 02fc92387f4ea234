"""Phrases that mark one company, and the word that there is not enough text."""

from analyzer.analysis import Background, background_of, compare, emergent_phrases, load_engine
from analyzer.analysis.comparing import summary


def responses(*texts: str) -> dict[str, list[str]]:
    return {f"r{i}": [text] for i, text in enumerate(texts)}


def test_few_responses_are_not_enough_text() -> None:
    """With seven responses chance looks like a pattern."""
    found = emergent_phrases(responses(*["Regenerative burners are fine."] * 7), Background(100, {}))
    assert not found.enough
    assert found.phrases == ()


def test_a_shared_phrase_comes_up_once_in_its_longest_form() -> None:
    """ "regenerative burners", not also "burners"."""
    texts = ["The regenerative burners save gas."] * 4 + [f"Remark {w}." for w in "abcdef"]
    found = emergent_phrases(responses(*texts), background_of(responses("Gas is dear.", "A hall.")))
    assert found.enough
    assert "regenerative burners" in found.phrases[0].text
    assert sum("burners" in p.text for p in found.phrases) == 1


def test_what_everybody_says_everywhere_is_not_emergent() -> None:
    """The background explains it."""
    texts = responses(*["The production line impressed me."] * 9)
    found = emergent_phrases(texts, background_of(texts))
    assert found.phrases == ()


def test_chinese_phrases_come_up_too() -> None:
    """Without a segmenter, by characters."""
    texts = ["竖罐还原技术节能。"] * 3 + ["竖罐还原很成熟。"] * 2 + [f"看法{i}" for i in range(5)]
    found = emergent_phrases(responses(*texts), Background(50, {}))
    assert any("竖罐还原" in p.text for p in found.phrases)


def test_a_new_analysis_shows_what_it_would_change_and_spares_corrections() -> None:
    """`reanalyse --diff` names each change; what a person corrected is left alone."""
    default, textblob = load_engine(), load_engine(engine="textblob")
    text = "Energy consumption is low."
    stored, fresh = textblob.analyse(text), default.analyse(text)
    before, after = (
        {("r1", "improve"): stored, ("r2", "improve"): stored},
        {("r1", "improve"): fresh, ("r2", "improve"): fresh},
    )
    changes = compare(before, after, corrected={("r2", "improve")})
    assert {c.response_id for c in changes} == {"r1"}
    assert ("sentiment", "neutral", "positive") in {(c.what, c.before, c.after) for c in changes}
    assert summary(changes)["sentiment"] >= 1
    assert compare(after, after) == []
