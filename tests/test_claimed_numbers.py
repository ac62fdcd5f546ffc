"""A wrong number is set right, a right one is confirmed, however it is put, in every language: written before they were asked."""

from __future__ import annotations

import pytest

from bot.service import Service

pytestmark = pytest.mark.gate

WRONG = {
    "en": (
        ("Is it true that the quota is 40 percent?", "30"),
        ("I heard that Kazakhstan accepted 150 recommendations.", "150"),
        ("They say 80 countries took part in the UPR, correct?", "100"),
        ("Someone told me there were 500 peaceful protests", "1500"),
        ("Wasn't it the 46th session of the UPR?", "48"),
        ("Is it right that 20 consultations with NGOs were held?", "50"),
        ("So the super-presidential system ended in 2019?", "2022"),
        ("It says the Committee looked at it in its 150th session, no?", "144"),
        ("the article was published in 2024, wasn't it", "2025"),
        ("I read the president may serve two terms of five years.", "7 here, not 5"),
        ("The quota on the lists is 50% and for women only, right?", "30"),
        ("Fewer than fifty countries bothered to take part in Kazakhstan's UPR.", "100"),
    ),
    "ru": (
        ("Правда, что президент избирается на 5 лет?", "7"),
        ("Говорят, что квота для женщин и молодёжи 40 процентов, это правда?", "30"),
        ("Верно ли, что Казахстан принял 200 рекомендаций УПО?", "200"),
        ("Мне сказали, что прошло 500 мирных акций", "1500"),
        ("Правда ли, что было 20 консультаций с НПО?", "50"),
        ("Это была 46-я сессия УПО?", "48"),
        ("Слышал, что реформа была в 2019 году, президентская республика тогда закончилась", "2022"),
        ("Пишут, что доклад рассматривали на 150-й сессии Комитета. Так?", "144"),
        ("президенту дали два срока по 6 лет да?", "7"),
        ("говорят статья вышла в 2024 году", "2025"),
        ("Слышала, что квота для женщин 50 процентов. Верно?", "30"),
    ),
    "kk": (
        ("Президент 5 жылға сайлана ма?", "7"),
        ("Квота 40 пайыз деп естідім, рас па?", "30"),
        ("Қазақстан 200 ұсынымды қабылдады дейді, солай ма?", "200"),
        ("Шолуға 80 мемлекет қатысты деді, дұрыс па?", "100"),
        ("ӘКШ-тің 46-сессиясы болды ма?", "48"),
        ("Суперпрезиденттік жүйе 2019 жылы аяқталды ма?", "2022"),
        ("Комитеттің 150-сессиясында қаралды дейді", "144"),
        ("мақала 2024 жылы шыққан ба", "2025"),
        ("қоғаммен 2015 жылдан бері 50 рет кеңес өткізілген дейді, солай ма?", "2013"),
    ),
}
RIGHT = (
    ("en", "Is it true that the quota is 30 percent?"),
    ("ru", "Правда, что срок президента 7 лет?"),
    ("ru", "Говорят, что квота 30 процентов, это так?"),
    ("kk", "Квота 30 пайыз деп естідім, рас па?"),
)


@pytest.mark.parametrize(
    ("lang", "question", "given"), [(lang, *one) for lang, found in WRONG.items() for one in found]
)
def test_a_wrong_number_is_set_right(service: Service, lang: str, question: str, given: str) -> None:
    lead = " ".join(service.ask(question, lang).reply.lead)
    assert given in lead, lead


@pytest.mark.parametrize(("lang", "question"), RIGHT)
def test_a_right_number_is_confirmed(service: Service, lang: str, question: str) -> None:
    number = next(word for word in question.split() if word.isdecimal())
    reply = service.ask(question, lang).reply
    assert reply.lead == (service.base.voice(lang).say("claim_says", number=number),)
