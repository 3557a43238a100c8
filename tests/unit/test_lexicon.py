import pytest

from include.eventwire.lexicon import LexiconError, load_lexicon

HEADER = "head,pos,with,mode,contexts,roles,confidence,note\n"


@pytest.fixture
def write(tmp_path):
    classes = "class,words\narms,gun missile\nall_arms,@arms tank\n"
    (tmp_path / "word_classes.csv").write_text(classes)

    def write(name, *rows):
        (tmp_path / name).write_text(HEADER + "".join(f"{row}\n" for row in rows))
        return tmp_path

    return write


def test_reads_a_frame_with_its_place(write):
    row = "fire,verb,obj=@all_arms|*money,firearms,,subj>at|on,0.9,"
    folder = write("assault.csv", "# by arms", row)
    (frame,) = load_lexicon(folder).find("verb", "fire")
    (constraint,) = frame.constraints
    assert frame.frame_id == "assault.csv:3"
    assert (constraint.slots, constraint.lemmas) == (("obj",), {"gun", "missile", "tank"})
    assert constraint.kinds == {"money"}
    assert frame.roles.recipients == (("at",), ("on",))


def test_the_frame_with_more_and_narrower_conditions_comes_first(write):
    conditions = ("", "obj", "obj=*party", "obj=gun")
    rows = [f"fire,verb,{condition},,,,," for condition in conditions]
    frames = load_lexicon(write("assault.csv", *rows)).find("verb", "fire")
    assert [frame.frame_id.rpartition(":")[2] for frame in frames] == ["5", "4", "3", "2"]


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("assault.csv", ["fire,verb,,siege,,,,"], "assault.csv:2: ASSAULT has no mode 'siege'"),
        ("attack.csv", ["fire,verb,,,,,,"], "not named after a PLOVER type"),
        ("assault.csv", ["fire,adverb,,,,,,"], "pos is 'adverb'"),
        ("assault.csv", ["fire,verb,obj=@planes,,,,,"], "unknown word class @planes"),
        ("assault.csv", ["fire,verb,obj=*plane,,,,,"], r"unknown kind \*plane"),
        ("assault.csv", ["fire,verb,obj=,,,,,"], "names no word"),
        ("assault.csv", ["fire,verb,,,weather,,,"], "unknown context weather"),
        ("assault.csv", ["fire,verb,,,,>,,"], "gives nobody a role"),
        ("assault.csv", ["fire,verb,,,,,2,"], "confidence 2 must lie above 0"),
        ("assault.csv", ["Open_fire,verb,,,,,,"], "can never match"),
        ("assault.csv", ["fire,verb,,,,"], "6 cells instead of 8"),
        ("assault.csv", ["fire,verb,,,,,,", "fire|shoot,verb,,,,,,"], "3: 'fire' repeats"),
    ],
)
def test_refuses_rows_that_cannot_be_right(write, name, rows, message):
    with pytest.raises(LexiconError, match=message):
        load_lexicon(write(name, *rows))


def test_refuses_frames_that_contradict_each_other(write):
    write("assault.csv", "fire,verb,obj=gun,,,,,")
    with pytest.raises(LexiconError, match=r"protest.csv:2: 'fire' contradicts assault.csv:2"):
        load_lexicon(write("protest.csv", "fire,verb,obj=gun,,,,,"))


def test_the_projects_own_lexicon_loads_and_covers_every_type_and_mode():
    from include.eventwire.codebook import load_codebook

    frames = load_lexicon().frames
    coded = {(frame.event_type, frame.mode) for frame in frames}
    for event_type in load_codebook().types.values():
        assert {(event_type.code, mode) for mode in event_type.modes} <= coded
        assert any(frame.event_type == event_type.code for frame in frames)
