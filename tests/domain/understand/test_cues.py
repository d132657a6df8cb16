import pytest

from domain.understand import Understanding

EMERGENCIES = [
    ("cháy nhà ông Tư rồi bà con ơi", "114"),
    ("chay nha roi cuu voi", "114"),
    ("có người gọi báo cháy nhà ông Tư thôn 2", "114"),
    ("bao chay", "114"),
    ("nổ bình gas trong quán", "114"),
    ("có người đuối nước ở hồ", "114"),
    ("chau be duoi nuoc", "114"),
    ("đánh nhau ngoài chợ, có dao", "113"),
    ("chong danh vo da man", "113"),
    ("bạo hành trẻ em ở nhà bên", "111"),
    ("tre em bi xam hai", "111"),
    ("có người tự tử", "115"),
    ("tôi không muốn sống nữa", "115"),
    ("sạt lở đè sập nhà rồi", "112"),
    ("lũ cuốn mất người", "112"),
    ("mẹ tôi ngất xỉu cần cấp cứu", "115"),
    ("ba toi dot quy roi", "115"),
]
FALSE_ALARMS = [
    "bình chữa cháy ở chợ hết hạn",
    "chợ cháy hàng mấy hôm nay",
    "chuông báo cháy ở trường hỏng",
    "he thong bao chay keu hoai",
    "đèn đường cháy bóng",
    "den duong chay bong",
    "nước chảy yếu",
    "xe chay nhanh qua",
    "năm ngoái mẹ tôi cấp cứu mà bệnh viện bắt chờ",
    "đề nghị mở lớp dạy bơi phòng chống đuối nước",
    "phân bón giả làm cháy cây trồng",
    "trạm xá đóng cửa không ai trực cấp cứu",
    "xây kè chống sạt lở",
    "chung cư chưa có hệ thống phòng cháy chữa cháy",
]


@pytest.mark.parametrize(("text", "number"), EMERGENCIES)
def test_emergencies_give_the_number_to_call(understanding: Understanding, text: str, number: str) -> None:
    """Danger now is a pressing matter with the right line to call, with or without diacritics."""
    heard = understanding.read(text)
    assert number in heard.emergency
    assert heard.urgency == "khan"
    assert heard.story


@pytest.mark.parametrize("text", FALSE_ALARMS)
def test_words_of_danger_used_otherwise_raise_no_alarm(understanding: Understanding, text: str) -> None:
    """Extinguishers, bulbs, sold-out goods, last year's troubles and precautions are no emergencies."""
    assert understanding.read(text).emergency == ()


def test_what_happens_now_outweighs_the_past(understanding: Understanding) -> None:
    """A mention of last year silences nothing that is happening."""
    assert "113" in understanding.read("năm ngoái nó chém người, giờ nó đang cầm dao trước cửa").emergency


@pytest.mark.parametrize(
    ("text", "accuses"),
    [
        ("cán bộ địa chính vòi vĩnh 5 triệu", True),
        ("truong thon bao che cho nguoi nha", True),
        ("chủ tịch xã nhận tiền của nhà thầu", True),
        ("nhà tôi chưa nhận tiền hỗ trợ", False),
        ("cán bộ nhiệt tình lắm", False),
    ],
)
def test_an_official_accused_is_noticed(understanding: Understanding, text: str, accuses: bool) -> None:
    """A misdeed with an official beside it is an accusation; either alone is not."""
    heard = understanding.read(text)
    assert heard.accuses is accuses
    assert (heard.kind == "to_cao") is accuses


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tôi khiếu nại quyết định thu hồi đất", "khieu_nai"),
        ("toi lam don to cao", "to_cao"),
        ("đề nghị lắp đèn đường", "kien_nghi"),
        ("góp ý cho hương ước", "gop_y"),
        ("cho hỏi làm khai sinh ở đâu", "hoi_dap"),
        ("tôi cần trợ giúp pháp lý", "tro_giup_phap_ly"),
        ("nguyện vọng của bà con là có đường mới", "nguyen_vong"),
        ("tôi phản ánh việc đổ rác trộm", "phan_anh"),
    ],
)
def test_a_kind_named_is_that_kind(understanding: Understanding, text: str, kind: str) -> None:
    """Who names the kind is taken at their word, for the officer to confirm."""
    heard = understanding.read(text)
    assert (heard.kind, heard.kind_sure) == (kind, True)
