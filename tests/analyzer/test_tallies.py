"""What one response adds to the sums, as plain numbers."""

from datetime import datetime, timedelta, timezone

from analyzer.analysis.findings import TextAnalysis
from analyzer.rows import AnalysedEvent, rows_of
from analyzer.tallies import count
from tests.analyzer.stories import NOW, VERSIONS, answer, read_as, said, submitted


def facts(analysed: AnalysedEvent) -> dict[str, int]:
    tally = count(rows_of(analysed, analysed.event))  # type: ignore[arg-type]
    return {f"{key.metric} {key.key}": n for key, n in tally.items()}


def test_an_expert_who_repeats_a_topic_is_one_expert() -> None:
    """Sentences and experts are different numbers."""
    first, second = read_as("Dusty.", "safety", "negative"), read_as("Dusty!", "safety", "negative")
    both = TextAnalysis("en", "negative", -0.6, (*first.sentences, *second.sentences))
    event = submitted("r-1", [answer("improve", "Dusty. Dusty!")])
    found = facts(AnalysedEvent(event, NOW, {"improve": both}, "negative", VERSIONS))
    assert found["topic_sentence safety:negative"] == 2
    assert found["topic_expert safety:negative"] == 1


def test_choices_are_counted_one_by_one() -> None:
    """An expert may tick several forms of cooperation."""
    forms = answer("cooperation_forms", {"choices": ["joint_rd", "testing"]})
    found = facts(said("r-1", more=[answer("cooperate", {"choice": "yes"}), forms]))
    assert found["choice cooperate:yes"] == found["choice cooperation_forms:testing"] == 1


def test_an_offer_is_a_lead_and_not_an_opinion() -> None:
    """Its sentences would tint the topics."""
    found = facts(said("r-1", "offer", "We test alloys.", "cooperation"))
    assert not any(key.startswith(("topic", "sentence")) for key in found)


def test_a_suggestion_counts_for_its_topic() -> None:
    """Advice is what the company acts on."""
    found = facts(said("r-1", "improve", "Please cover it.", "safety", "neutral", suggestion=True))
    assert found["suggestion_expert safety"] == found["sentence suggestion"] == 1


def test_the_day_is_that_of_receipt_in_utc() -> None:
    """Days add up over time zones."""
    analysed = said("r-1", received_at=datetime(2026, 11, 26, 7, 0, tzinfo=timezone(timedelta(hours=8))))
    [day] = {key.day for key in count(rows_of(analysed, analysed.event))}  # type: ignore[arg-type]
    assert day == "2026-11-25"
