import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.understand import Home, Understanding, find_place, words

HOME = Home("Hà Tĩnh", "xã Hòa Bình", ("Thôn 3", "Xóm Đình", "Thôn Tân Lập"))
REAL = Home("tỉnh Hà Tĩnh", "phường Vũng Áng")


@pytest.mark.parametrize(
    ("text", "hamlet"),
    [
        ("Cống thôn 3 tắc", "Thôn 3"),
        ("cong thon3 tac", "Thôn 3"),
        ("cong xom dinh tac", "Xóm Đình"),
        ("đèn ở Tân Lập tắt", "Thôn Tân Lập"),
        ("tổ 5 mất nước", "tổ 5"),
        ("to 5 mat nuoc", "to 5"),
        ("Ấp Bắc ngập rồi", "Ấp Bắc"),
        ("đường khu phố 2 hư", "khu phố 2"),
        ("kp2 cup dien", "kp 2"),
        ("họp tổ dân phố số 4", "tổ dân phố 4"),
        ("bản Nậm Pồ chưa có điện", "bản Nậm Pồ"),
    ],
)
def test_hamlets_are_found_as_people_say_them(text: str, hamlet: str) -> None:
    """With or without diacritics, numbered or named, of home or any other."""
    place = find_place(text, HOME)
    assert place is not None
    assert place.hamlet == hamlet
    assert place.sure
    assert place.label == f"{hamlet}, xã Hòa Bình"


@pytest.mark.parametrize(
    "text",
    [
        "hàng xóm tôi ồn quá",
        "bản thân tôi đi bộ đội",
        "tổ chức buôn bán ở khu công nghiệp",
        "nhờ tổ 5 người ra dọn",
        "ban do dat sai, ap gia thap",
        "xa qua di bo khong noi, phuong an nao",
        "xóm mình mất điện, làng tôi cũng vậy",
        "tôi cho to 3 cái bao rác",
        "có 45 hộ trên đường bị ngập",
        "chị Thanh Hà chưa nhận tiền",
    ],
)
def test_no_place_is_invented(text: str) -> None:
    """Words that only look like a place name none."""
    assert find_place(text, HOME) is None


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("số 45 đường Trần Phú mất nước", "số 45 đường Trần Phú"),
        ("nắp cống ngõ 12 mất", "ngõ 12"),
        ("nhà số 7 hẻm 3 đổ rác", "nhà số 7 hẻm 3"),
        ("rac o ngo 12", "ngo 12"),
    ],
)
def test_houses_and_alleys(text: str, house: str) -> None:
    """Numbers and streets come back as they were said."""
    place = find_place(text, HOME)
    assert place is not None
    assert (place.house, place.commune) == (house, "xã Hòa Bình")


@pytest.mark.parametrize("text", ["ở xã Hòa Bình", "o xa hoa binh", "tại X. Hoà Bình"])
def test_a_fictional_home_is_known_to_itself(text: str) -> None:
    """A home no gazetteer holds is found without a code, and is not outside."""
    place = find_place(text, HOME)
    assert place is not None
    assert (place.commune, place.commune_code, place.outside, place.sure) == (
        "xã Hòa Bình",
        None,
        False,
        True,
    )


def test_home_gets_its_code() -> None:
    """A real home commune carries the code of the gazetteer."""
    place = find_place("đèn ở tổ 5 phường Vũng Áng hỏng", REAL)
    assert place is not None
    assert place.commune_code is not None
    assert not place.outside


@pytest.mark.parametrize("text", ["rác ở xã Kỳ Xuân", "rac o xa ky xuan", "rác ở Kỳ Xuân"])
def test_another_commune_of_the_province_is_outside(text: str) -> None:
    """It is named with its code, and reported as outside home."""
    place = find_place(text, REAL)
    assert place is not None
    assert (place.commune, place.outside, place.sure) == ("xã Kỳ Xuân", True, True)


def test_an_old_commune_leads_to_the_new_one() -> None:
    """A name from before July 2025 whose area went to one commune is that commune."""
    place = find_place("đường ở xã Kỳ Phú hỏng", REAL)
    assert place is not None
    assert (place.commune, place.outside, place.sure) == ("xã Kỳ Anh", True, True)


def test_an_old_commune_that_was_split_is_asked_about() -> None:
    """Several heirs are choices; none is guessed."""
    place = find_place("ngõ 5 phường Cống Vị", Home("Hà Nội"))
    assert place is not None
    assert place.commune_code is None
    assert not place.sure
    assert len(place.choices) == 2


def test_a_commune_of_many_provinces_is_not_guessed() -> None:
    """Without a home province a name found all over the country is asked about."""
    place = find_place("ở xã Tân Lập", Home())
    assert place is not None
    assert (place.commune, place.commune_code, place.sure) == ("xã Tân Lập", None, False)
    assert "xã Tân Lập, Tây Ninh" in {label for _, label in place.choices}


@pytest.mark.parametrize("home", [Home(), HOME])
def test_the_province_named_decides(home: Home) -> None:
    """With its province beside it a common name is one commune, even where home has the same name."""
    place = find_place("ở xã Hòa Bình, tỉnh Vĩnh Long", home)
    assert place is not None
    assert place.commune == "xã Hòa Bình, Vĩnh Long"
    assert place.outside is (home is HOME)


@pytest.mark.parametrize("text", ["phường 5 quận 3 ngập", "P5 Q3 ngap", "p.5, q.3 ngập"])
def test_numbered_wards_of_old_go_by_their_district(text: str) -> None:
    """A ward that is only a number is told apart by the district named with it."""
    place = find_place(text, Home("TP.HCM"))
    assert place is not None
    assert place.commune == "phường Bàn Cờ"


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxy .,!?\n", max_size=200))
def test_text_without_place_words_has_no_place(text: str) -> None:
    """Never a place without a word that opens one."""
    opening = (
        "thon xom ap to khu khoi khom doi lang buon soc phum plei ban ngo ngach hem kiet so xa phuong thi"
    )
    if not set(words(text)) & set(f"{opening} dac p x tt o tai tieu".split()):
        assert find_place(text, HOME) is None


def test_a_menu_that_would_leave_one_out_is_not_shown() -> None:
    """More than nine communes of one name are asked about in words."""
    place = find_place("rác ở phường 1", Home())
    assert place is not None
    assert (place.commune_code, place.sure, place.choices) == (None, False, ())


@pytest.mark.parametrize(
    ("text", "hamlet"),
    [
        ("co nguoi o xa an chan tien ho ngheo thon 3", "Thôn 3"),
        ("can bo xa bao ly roi khong giai quyet thon 3", "Thôn 3"),
        ("cong an xa thai do hung hang voi dan xom dinh", "Xóm Đình"),
        ("nguoi o xa tien luong it thon 3", "Thôn 3"),
        ("o xa chi thao hay hen thon 3", "Thôn 3"),
        ("may ong o xa an tien cua dan thon 3", "Thôn 3"),
        ("the drain in hamlet 3 is blocked", "Thôn 3"),
        ("no light in village 3", "Thôn 3"),
    ],
)
@pytest.mark.parametrize("home", [HOME, Home("Mẫu", "xã Hòa Bình", HOME.hamlets)], ids=["real", "fictional"])
def test_plain_words_are_no_commune_elsewhere(text: str, hamlet: str, home: Home) -> None:
    """Without diacritics “ăn chặn” is also An Chấn: nobody is asked whether it happened there."""
    place = find_place(text, home)
    assert place is not None
    assert (place.hamlet, place.outside, place.sure) == (hamlet, False, True)


def test_a_commune_elsewhere_is_known_by_its_spelling() -> None:
    """With its diacritics, with capitals, or with its province."""
    for text in ("rác ở xã An Chấn", "rac o xa An Chan", "rác ở xã An Chấn tỉnh Đắk Lắk"):
        place = find_place(text, Home("Mẫu", "xã Tân Lập Mẫu"))
        assert place is not None
        assert place.outside


@pytest.mark.parametrize(
    "text",
    [
        "chau toi bi cong an xa Dung danh bat tinh o thon 1",
        "cong an xa Dung nhan tien bai xe lau o thon 1",
        "mat tran xa Phuc an tien tu thien o thon 1",
        "van hoa xa Hai an chan tien ho ngheo o thon 1",
        "van hoa xa Van an chan tien ho ngheo o thon 1",
        "kinh te xa Tuan doi 5 trieu o thon 1",
    ],
)
def test_who_is_named_behind_a_post_is_no_commune(understanding: Understanding, text: str) -> None:
    """Without marks "cong an xa Dung" is somebody of the police here, and no xã Dũng elsewhere."""
    place = understanding.read(text).place
    assert place
    assert (place.hamlet, place.outside) == ("Thôn 1", False)


def test_a_commune_written_as_a_name_is_one_behind_a_post_too(understanding: Understanding) -> None:
    """The police of another commune are of another commune; "xa minh an chan" names none."""
    place = understanding.read("công an xã Kỳ Xuân nhận tiền").place
    assert place
    assert place.outside
    assert understanding.read("sep tong xa minh an chan tien nong thon moi").place is None


def test_how_often_the_commune_was_told_is_no_place(understanding: Understanding) -> None:
    """“Báo xã 3 lần” names no xã 3, and “da” without its marks is a word of the story."""
    heard = understanding.read("da bao xa 3 lan roi ma den duong xom dinh van hong")
    assert heard.place is not None
    assert "xa 3" not in heard.place.label
    assert "xã 3" not in heard.place.label
    assert heard.summary.startswith("da bao xa 3 lan")
