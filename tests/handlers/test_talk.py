"""What a chat's conversation keeps while something else goes on."""

from handlers.engine.conversation import Talk
from services.intake import drafts
from storage.people.people import Chat


def told(words: str, *, sealed: bool = False) -> Talk:
    """Return a conversation in which somebody has told this."""
    return Talk(flow="report", seed={"heard": {"text": words}, "sealed": sealed}, files=[words])


def test_what_waits_is_not_lost_when_something_else_must_wait_too() -> None:
    """Two drafts wait at most, the latest on top; each comes back with its files."""
    talk = told("một")
    talk.wait()
    for words in ("hai", "ba"):
        newer = told(words)
        talk.flow, talk.seed, talk.files = newer.flow, newer.seed, newer.files
        talk.wait()
    assert (talk.flow, talk.files) == ("", [])
    talk.take_up()
    assert (talk.seed["heard"]["text"], talk.files) == ("ba", ["ba"])
    talk.take_up()
    assert (talk.seed["heard"]["text"], talk.files) == ("hai", ["hai"])
    talk.take_up()
    assert talk.seed["heard"]["text"] == "hai"


def test_whoever_takes_over_reads_all_that_was_typed() -> None:
    """The story, what was added at other questions, the matters still to come; of a draft that waits too."""
    talk = told("cống tắc")
    talk.seed["then"] = [{"text": "đèn hỏng"}]
    talk.answers = {
        "topic": {"said": "ngập cả đường"},
        "review": "more",
        "more.1": "trước chợ",
        "place": "t3",
    }
    words = "cống tắc\nngập cả đường\ntrước chợ\nđèn hỏng"
    assert drafts.all_words(vars(talk)) == words
    talk.wait()
    assert drafts.all_words(vars(talk)) == words


def test_nobody_reads_what_was_to_be_sent_sealed() -> None:
    """A sealed draft is handed to nobody in its sender's name."""
    assert not drafts.all_words(vars(told("ông ấy lấy tiền", sealed=True)))


def test_what_is_added_to_a_list_does_not_change_the_row_behind_its_back() -> None:
    """Each file of a row of them is one more; the chat's row must be seen to change."""
    chat = Chat(talk={"flow": "report", "files": ["one"]})
    talk = Talk.of(chat)
    talk.files += ["two"]
    assert chat.talk == {"flow": "report", "files": ["one"]}  # else the database would see no change
    talk.keep(chat)
    assert chat.talk["files"] == ["one", "two"]
