from itertools import product

import pytest
from ftfy.badness import is_bad
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.cleaning.decoding import find_unstorable
from include.eventwire.cleaning.text_repair import repair_text

# Invented sentences with the letters and signs that make each language look odd as Latin-1.
GOOD_TEXTS = [
    "Police said on Monday that “no one” was hurt – but it’s early… 5 °C, £3, €2, ½ cup.",
    "Die Abgeordneten müssen über größere Zuschüsse entscheiden, heißt es in „Köln“.",
    "L’État a déjà versé 3 millions d’euros à l’Œuvre, où qu’elle soit, « hélas ».",
    "NÃO À VIOLÊNCIA: MANIFESTAÇÕES EM SÃO PAULO, ORGANIZAÇÃO DIZ QUE SÃO 2 MIL",
    "El señor Núñez pidió: «¿Cuándo vendrá el año próximo?» ¡Qué vergüenza!",
    "Ministern sade på måndagen att Åland och Örebro är överens.",
    "Żółte światło: premier powiedział, że „ćwiczenia” się nie odbędą — źle.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl mluvčí Šťastný.",
    "Az árvíztűrő tükörfúrógép működik, mondta a miniszterelnök.",
    "Cumhurbaşkanı İstanbul’da ağır ışık gördüğünü söyledi.",
    "Thủ tướng nói rằng người dân đã được sơ tán; ĐẠI HỘI ĐẢNG LẦN THỨ MƯỜI",
    "Президент України заявив у понеділок: «Ми не здамося» — ЄС погодився.",
    "Ο πρωθυπουργός δήλωσε τη Δευτέρα ότι «δεν υπάρχει λόγος».",
    "قال الوزير يوم الاثنين إن المحادثات انتهت، دون اتفاق؟",
    "ראש הממשלה אמר ביום שני כי השיחות נכשלו.",
    "प्रधानमंत्री ने सोमवार को कहा कि वार्ता विफल रही।",
    "首相は月曜日に「協議は決裂した」と述べた。Ｆｕｌｌ　ｗｉｄｔｈ",
    "总理周一表示，谈判破裂了。",
    "총리는 월요일 회담이 결렬되었다고 말했다.",
    "นายกรัฐมนตรีกล่าวเมื่อวันจันทร์ว่าการเจรจาล้มเหลว",
    "Þjóðin kaus í gær, sagði ráðherra; ÆÐI Í ÞINGINU",
    "Ministrul a spus că „țara” și președinția știu; ÎN ȚARĂ",
]


@pytest.mark.parametrize("text", [*GOOD_TEXTS, *map(str.upper, GOOD_TEXTS)])
def test_good_text_of_any_language_stays(text):
    assert repair_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "It&rsquo;s &amp; &eacute; &lt;b&gt;, ﬁnal oﬃce, ‘quoted’ “words”",
        "line\r\nline\rline\u2028line\x0cpage",
        "e\u0301tat",  # an accent that is a character of its own
        "\x1b[31mred\x1b[0m é \x07",
    ],
)
def test_what_is_written_so_stays_so(text):
    assert repair_text(text) == text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text",
    [
        "The café in Zürich was closed, the minister said.",
        "Señor Núñez se reunió con el alcalde de Málaga.",
        "Les élèves français protestent à Orléans.",
    ],
)
def test_text_read_with_the_wrong_encoding_is_repaired(text, encoding):
    once = text.encode().decode(encoding)
    assert repair_text(once) == text
    assert repair_text(once.encode().decode(encoding)) == text


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("The Presidentâ€™s visit â€“ the first", "The President’s visit – the first"),
        ("he called it \x93a mistake\x94 \x96 twice", "he called it “a mistake” – twice"),
        ("good “line” – as is\nThe cafÃ© is closed", "good “line” – as is\nThe café is closed"),
    ],
)
def test_only_what_is_damaged_changes(damaged, repaired):
    assert repair_text(damaged) == repaired


def test_no_repair_gives_a_character_that_cannot_be_stored():
    # C0 80 is how some programs write NUL.
    damaged = "Ã© À\x80 Ã©"
    assert find_unstorable(repair_text(damaged)) is None


@pytest.mark.parametrize("signs", list(product("‘’“”–—…a ", repeat=3)))
def test_typographic_signs_alone_are_no_damage(signs):
    # What is not even looked at would not have been changed.
    assert not is_bad("".join(signs))


@given(st.text())
def test_any_text_that_can_be_stored_still_can(text):
    if find_unstorable(text) is None:
        assert find_unstorable(repair_text(text)) is None


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_never_changes(text):
    assert repair_text(text) == text
