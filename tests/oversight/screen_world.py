"""A labelled world of names, drawn with a seed: who is listed, who is asked, and which of them are one person.

Spellings come from published romanisations typed here anew, so that the code under test is not measured by its own
tables: ICAO 9303, BGN/PCGN, ISO 9, German and (Soviet passports) French for Russian; BGN/PCGN, ISO 9985 for Armenian;
the national system of 2002 for Georgian; official, machine-readable-passport and press forms for Azerbaijani and
Turkish; Persian in its script and as newspapers write it; and Russian renderings of the neighbours.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

RU = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


def table(letters: str, latin: str) -> dict[str, str]:
    return {letter: into.replace("_", "") for letter, into in zip(letters, latin.split(), strict=True)}


RUSSIAN = {
    "icao": table(RU, "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia"),
    "bgn": table(RU, "a b v g d e ë zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya"),
    "iso9": table(RU, "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â"),
    "german": table(RU, "a b w g d e jo sch s i j k l m n o p r s t u f ch z tsch sch schtsch _ y _ e ju ja"),
    "french": table(RU, "a b v g d e e j z i i k l m n o p r s t ou f kh ts tch ch chtch _ y _ e iou ia"),
}
HY = "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ"
ARMENIAN = {
    "bgn": table(HY, "a b g d e z e y t’ zh i l kh ts k h dz gh ch m y n sh o ch’ p j rr s v t r ts’ w p’ k’ o f"),
    "iso9985": table(HY, "a b g d e z ē ë t’ ž i l x ç k h j ġ č̣ m y n š o č p ǰ ṙ s v t r c’ w p’ k’ ò f"),
    "russian": table(HY, "а б г д е з э ы т ж и л х ц к г дз г ч м й н ш о ч п дж р с в т р ц в п к о ф"),
}
KA = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
GEORGIAN = {
    "national": table(KA, "a b g d e v z t i k’ l m n o p’ zh r s t’ u p k gh q’ sh ch ts dz ts’ ch’ kh j h"),
    "plain": table(KA, "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h"),
    "russian": table(KA, "а б г д е в з т и к л м н о п ж р с т у п к г к ш ч ц дз ц ч х дж х"),
}
AZ = "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"
AZERBAIJANI = {
    "passport": table(AZ, "a b c c d e e f g g h x i i j k q l m n o o p r s s t u u v y z"),
    "press": table(AZ, "a b j ch d e a f g gh h kh i i zh k g l m n o o p r s sh t u u v y z"),
    "russian": table(AZ, "а б дж ч д е а ф г г г х ы и ж к г л м н о о п р с ш т у ю в й з"),
}
TURKISH = {"passport": table("çğıöşü", "c g i o s u")}

GIVEN = {
    "russian": "Александр Дмитрий Сергей Андрей Алексей Михаил Евгений Николай Юрий Виктор Игорь Олег Павел Григорий "
    "Фёдор Пётр Вячеслав Геннадий Анатолий Константин Татьяна Наталья Ольга Елена Екатерина Юлия Ксения Людмила",
    "armenian": "Արմեն Սերժ Նիկոլ Տիգրան Հայկ Գագիկ Վարդան Կարեն Հովհաննես Գրիգոր Սուրեն Ռուբեն Լևոն Արթուր Աշոտ "
    "Սամվել Հրանտ Վահե Մհեր Արամ Անահիտ Գայանե Նարինե Շուշանիկ",
    "georgian": "გიორგი დავით ირაკლი ბიძინა მიხეილ ზურაბ ლევან ნიკოლოზ ვახტანგ თამაზ შალვა ზვიად კახა გრიგოლ ნინო "
    "თამარ ქეთევან ნათია მარიამ ეკატერინე",
    "azerbaijani": "İlham Heydər Ramiz Elçin Vüqar Rəşad Cavid Şahin Çingiz Əhməd Xəlil Qəzənfər Zakir Tofiq Vaqif "
    "Natiq Mehriban Leyla Gülnarə Sevinc Aytən Günel",
    "turkish": "Recep Mehmet Mustafa Ahmet İbrahim Hüseyin Çağatay Süleyman Yiğit Cemil Oğuz Şükrü Işıl Ayşe Gülşen "
    "Özlem Tuğba Zeynep Hakan Bülent",
}
STEMS = {
    "russian": "Кузнец Смирн Иван Попов Васильков Соколов Морозов Волков Лебед Козлов Новик Зайц Павл Голуб Виноград "
    "Богдан Вороб Щерба Жарк Чистяк Хохл Цвет Шевч Юдашк Ястреб Харитон Григор Михайл Тихон Ефрем",
    "armenian": "Սարգս Հովհաննիս Խաչատր Պետրոս Գրիգոր Ղազար Մկրտչ Հակոբ Փաշին Քոչար Ծառուկ Ջհանգիր Աբրահամ Բաղդասար "
    "Թորոս Չարենց Շահինյ Ավետիս Վարդան Մարտիրոս Զաքար Եղիազար Ոսկան Ստեփան",
    "georgian": "ბერი ივანი სააკა მარგველა კობახი ღარიბა ყიფი ჯავახი წერეთ ხვიჩა ჩხეი ძიძი ჭავჭავა ფოცხვერა შევარდნა "
    "კვარაცხე ლომი გელა ნადირა მამარდა",
    "azerbaijani": "Əli Hüseyn Məmməd Quli Həsən Qasım Cəfər Abbas İsmayıl Paşa Xəlil Rüstəm Şıxəli Çələb Mirzə Vəli "
    "Nağı Zeynal Kərim Babay",
    "turkish": "Yılmaz Erdoğan Çavuşoğlu Şahin Öztürk Kılıç Aydın Güneş Koç Yıldırım Özdemir Arslan Doğan Çelik "
    "Bozkurt Albayrak Gül Davutoğlu Işık Uçar Kaya Tüfekçi",
}
SUFFIXES = {
    "russian": ("ов", "ин", "ев", "ский", "енко"),
    "armenian": ("յան",),
    "georgian": ("შვილი", "ძე", "ია", "ვა"),
    "azerbaijani": ("yev", "ov", "zadə", "li"),
    "turkish": ("", "oğlu", "er"),
}
SYLLABLES = {
    "russian": "бар вел гор дан жил зор кал лук мир ник рад сав тар хол чер шум щук юр яр пес",
    "armenian": "բար գեղ դավ զար թաթ ծիր կար հար ղուկ մար նազ շահ պող ռափ սար վար տեր փիլ քալ խոր",
    "georgian": "ბა გო დარ ვაჩ თოდ კიკ ლორ მაჭ ნოზ ჟღე რუხ სიხ ტყე ფან ქავ ღუდ ყაზ შონ ჩიტ ხარ",
    "azerbaijani": "bəy ağa daş elm fər gül hac xan ibad kam qara məh nur pir rəh səf tur vah yus zül",
    "turkish": "ak boz çak dem er gök hız kar kör öz pek sağ şen taş tun uğ üst yol yük zor",
}
# Script, then spellings that newspapers use for the one name.
PERSIAN_GIVEN = """
محمد Mohammad Mohammed Muhammad|حسین Hossein Hussein Hosein|علی Ali|رضا Reza|محمود Mahmoud Mahmud|قاسم Qasem Ghasem
ابراهیم Ebrahim Ibrahim|جواد Javad|سعید Saeed Said|حمید Hamid|مهدی Mehdi Mahdi|فاطمه Fatemeh Fatima|زهرا Zahra
مصطفی Mostafa Mustafa|احمد Ahmad Ahmed|اکبر Akbar|بهرام Bahram|داریوش Dariush Daryoush|شهرام Shahram|پرویز Parviz
"""
PERSIAN_FAMILY = """
احمدی Ahmadi|حسینی Hosseini Husseini|محمدی Mohammadi|کریمی Karimi|رحیمی Rahimi|روحانی Rouhani Rohani|ظریف Zarif
سلیمانی Soleimani Suleimani|لاریجانی Larijani|قالیباف Qalibaf Ghalibaf|رفسنجانی Rafsanjani|شمخانی Shamkhani
یزدی Yazdi|تهرانی Tehrani|اصفهانی Esfahani Isfahani|شیرازی Shirazi|خاتمی Khatami|جعفری Jafari|صالحی Salehi
موسوی Mousavi Musavi|بختیاری Bakhtiari Bakhtiyari|گلپایگانی Golpayegani|فرهادی Farhadi|نوری Nouri Noori
"""
PERSIAN_ENDINGS = "|نژاد nejad nezhad|پور pour poor|زاده zadeh|فر far|نیا nia niya|منش manesh|خواه khah"
COUNTRY = {"russian": "ru", "armenian": "am", "georgian": "ge", "azerbaijani": "az", "turkish": "tr", "persian": "ir"}
TABLES = {
    "russian": RUSSIAN,
    "armenian": ARMENIAN,
    "georgian": GEORGIAN,
    "azerbaijani": AZERBAIJANI,
    "turkish": TURKISH,
}


@dataclass(frozen=True)
class Person:
    """One person: names in the home spelling (Persian: a tuple of spellings of one word), birth date, culture."""

    culture: str
    words: tuple[tuple[str, ...], ...]
    birth: str

    @property
    def country(self) -> str:
        return COUNTRY[self.culture]


@dataclass(frozen=True)
class Query:
    """A name to ask: how it is written, what is known beside it, which person it is and what was done to it."""

    name: str
    birth: str
    country: str
    truth: int | None
    changes: tuple[str, ...]
    person: Person

    @property
    def culture(self) -> str:
        return self.person.culture


def draw_person(draw: random.Random, *, coined: float = 0.5) -> Person:
    """A person of one of six cultures; `coined` is the share of family names built from syllables."""
    culture = draw.choice(list(COUNTRY))
    birth = f"{draw.randint(1940, 1999)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    if culture == "persian":
        return Person(culture, (_persian(draw, PERSIAN_GIVEN), _persian_family(draw)), birth)
    given_word = draw.choice(GIVEN[culture].split())
    if draw.random() < coined:
        stem = "".join(draw.choice(SYLLABLES[culture].split()) for _ in range(draw.choice((1, 2, 2, 3)))).capitalize()
    else:
        stem = draw.choice(STEMS[culture].split())
    words = [given_word, stem + draw.choice(SUFFIXES[culture])]
    if culture == "russian":
        father = draw.choice([name for name in GIVEN["russian"].split()[:20] if name[-1] not in "йья"])
        woman = given_word[-1] in "ая"
        words.insert(1, father + ("овна" if woman else "ович"))
        if woman and words[2][-1] in "вн":
            words[2] += "а"
        words[2] = words[2].replace("ский", "ская") if woman else words[2]
    return Person(culture, tuple((word,) for word in words), birth)


def _persian(draw: random.Random, stock: str) -> tuple[str, ...]:
    return tuple(draw.choice(stock.replace("\n", "|").strip("|").split("|")).split())


def _persian_family(draw: random.Random) -> tuple[str, ...]:
    script, *latin = _persian(draw, PERSIAN_FAMILY)
    ending = draw.choice(PERSIAN_ENDINGS.split("|")).split()
    if not ending:
        return (script, *latin)
    return (script + ending[0], *(stem + end for stem in latin for end in ending[1:]))


def spell(draw: random.Random, person: Person, way: str) -> list[str]:
    """The words of a name in one way of writing: home, a romanisation of its culture, or a Russian rendering."""
    if person.culture == "persian":
        return [word[0] if way == "home" else draw.choice(word[1:]) for word in person.words]
    if way == "home":
        return [word[0] for word in person.words]
    rules = TABLES[person.culture][way]
    return [_written(word[0], rules, person.culture, way) for word in person.words]


def _written(word: str, rules: dict[str, str], culture: str, way: str) -> str:
    lower = word.replace("İ", "i").replace("I", "ı").lower() if culture in ("azerbaijani", "turkish") else word.lower()
    if culture == "armenian":
        into = {"bgn": ("u", "ev"), "iso9985": ("ow", "ew"), "russian": ("у", "ев")}[way]
        lower = lower.replace("ու", "\x01").replace("և", "\x02")
        text = "".join(rules.get(letter, letter) for letter in lower).replace("\x01", into[0]).replace("\x02", into[1])
        text = text.replace("йа", "я")
    else:
        text = "".join(rules.get(letter, letter) for letter in lower)
    return text[:1].upper() + text[1:]


def ways(person: Person) -> list[str]:
    return ["home", *(TABLES[person.culture] if person.culture != "persian" else ["press"])]


def ask(draw: random.Random, person: Person, truth: int | None, listed_way: str) -> Query:
    """A name as another clerk would write it, seldom as the list does."""
    changes = []
    way = draw.choice(ways(person))
    if way != listed_way:
        changes.append("respelt")
    words = spell(draw, person, way)
    if len(words) > 2 and draw.random() < 0.5:
        del words[1]
        changes.append("patronymic left out")
    chance = draw.random()
    if chance < 0.15:
        place = draw.randrange(len(words))
        words[place] = _mistyped(draw, words[place])
        changes.append("mistyped")
    elif chance < 0.20:
        words[0] = words[0][0] + "."
        changes.append("initial")
    order = draw.random()
    if order < 0.3:
        words = [words[-1], *words[:-1]]
        changes.append("family name first")
    name = " ".join(words) if order > 0.1 else f"{words[0]}, {' '.join(words[1:])}"
    birth = draw.choice((person.birth, person.birth, person.birth[:4], ""))
    return Query(
        name.upper() if draw.random() < 0.2 else name, birth, draw.choice((person.country, "")), truth,
        tuple(changes) or ("as listed",), person,
    )  # fmt: skip


def _mistyped(draw: random.Random, word: str) -> str:
    """One letter doubled, left out, exchanged with its neighbour or replaced by one of the same word."""
    if len(word) < 4:
        return word
    place = draw.randrange(1, len(word) - 1)
    kind = draw.choice(("left out", "exchanged", "replaced"))
    if kind == "left out":
        return word[:place] + word[place + 1 :]
    if kind == "exchanged":
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + draw.choice(word.lower()) + word[place + 1 :]


@dataclass(frozen=True)
class World:
    """A list and the names asked: `listed[k]` is the name, birth date and country of entry `k`."""

    listed: tuple[tuple[str, str, str], ...]
    persons: tuple[Person, ...]
    queries: tuple[Query, ...]


def draw_world(seed: int, *, entries: int, queries: int, listed_share: float = 0.5, coined: float = 0.5) -> World:
    """Entries of a list and names asked, of which `listed_share` are on it; the rest are strangers.

    A fifth of the strangers bear a listed person's family name, a tenth the whole name with another birth date.
    """
    draw = random.Random(seed)
    persons = [draw_person(draw, coined=coined) for _ in range(entries)]
    styles = [draw.choice(ways(person)) for person in persons]
    listed = tuple(
        (" ".join(spell(draw, person, way)), draw.choice((person.birth, person.birth[:4], "")), person.country)
        for person, way in zip(persons, styles, strict=True)
    )
    asked = []
    for _ in range(queries):
        number = draw.randrange(entries)
        if draw.random() < listed_share:
            asked.append(ask(draw, persons[number], number, styles[number]))
            continue
        stranger = draw_person(draw, coined=coined)
        kind = draw.random()
        if kind < 0.1:
            stranger = Person(persons[number].culture, persons[number].words, stranger.birth)
        elif kind < 0.3 and stranger.culture == persons[number].culture:
            words = (*stranger.words[:-1], persons[number].words[-1])
            stranger = Person(stranger.culture, words, stranger.birth)
        asked.append(ask(draw, stranger, None, "none"))
    return World(listed, tuple(persons), tuple(asked))
