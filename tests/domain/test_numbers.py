"""Every number that belongs to somebody is found whatever stands around it, and nothing that is none."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import numbers
from domain.numbers import Kind
from domain.understand.headline import headline

A, B = "+84905123456", "+84912345678"
FOUND: dict[str, list[str]] = {
    # several, and what stands around them
    "gọi 0905123456 - 0912345678": [A, B],
    "0905123456/0912345678": [A, B],
    "0905-123-456-0912-345-678": [A, B],
    "0905123456, 0912345678; nhà 12": [A, B],
    "0905123456 8h sáng": [A],
    "0905 123 456 (15h)": [A],
    "0912 345 678 15h": [B],
    "tổ 10 0905123456": [A],
    "20.11.2026 - 0905123456": [A],
    "01/09/2026 0905.123.456": [A],
    "0905123456 đồng ý gọi": [A],
    "sđt0905123456": [A],
    "anh Nam-0905123456": [A],
    "tài khoản của tôi bị khóa, gọi 0905123456": [A],
    # how it is parted
    "0905/123/456": [A],
    "0905·123·456": [A],
    "0905–123–456": [A],
    "0905\u2011123\u2011456": [A],
    "0905\u00a0123\u2009456": [A],
    "0905\u200b123\u2060456": [A],
    "0905...123...456": [A],
    "0905_123_456": [A],
    "(0905) 123-456": [A],
    "09 05 12 34 56": [A],
    "09.05.12.34.56": [A],
    "0 9 0 5 1 2 3 4 5 6": [A],
    "0905\n123\n456": [A],
    "０９０５１２３４５６": [A],
    "０９０５．１２３．４５６": [A],
    "0️⃣9️⃣0️⃣5️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣": [A],
    "o9o5 123 456": [A],
    # this country and others
    "0084905123456": [A],
    "0084 905 123 456": [A],
    "84905123456": [A],
    "84 905 123 456": [A],
    "+84 905.123.456": [A],
    "+84 (0) 905 123 456": [A],
    "(+84) 905 123 456": [A],
    "0239 385 6789": ["+842393856789"],
    "(0239) 3856789": ["+842393856789"],
    "+1 650 253 0000": ["+16502530000"],
    "+856 20 55 123 456": ["+8562055123456"],
    "00856 2055123456": ["+8562055123456"],
    "sđt 844666531": ["+84844666531"],
    # from before 2018
    "0162 512 3456": ["+84325123456"],
    "01225123456": ["+84775123456"],
    "0199.512.3456": ["+84595123456"],
    # what else belongs to somebody
    "STK 10905123456": ["account"],
    "STK 0905123456 Vietcombank": ["account"],
    "số tài khoản ngân hàng: 1903 4567 8901 23": ["account"],
    "mã số thuế 0312345678": ["tax"],
    "0905.123.456.789.012": ["account"],
    "9704 1234 5678 9012": ["account"],
    "1288 9439 7415 9996": ["account"],
    "10905123456": ["account"],
    "HS0905123456": ["account"],
    "CCCD 001099012345": ["identity"],
    "căn cước 001 099 012 345": ["identity"],
    "001099012345": ["identity"],
    "CMND 183456789": ["identity"],
    "viết thư lan.nguyen@gmail.com nhé": ["email"],
    "lan.nguyen @ gmail . com": ["email"],
    "lannguyen a còng gmail chấm com": ["email"],
    # nobody's
    "1900 1234": [],
    "113, 114, 115": [],
    "tắc từ 08.11.2026 10 giờ": [],
    "tắc từ 08-11/11/2026": [],
    "từ 08/11/2026-10/11/2026": [],
    "08 11 2026 10 giờ": [],
    "07:30 08/11": [],
    "2026-11-08 10:30": [],
    "84.905.123.456 đồng": [],
    "1.200.000.000 đồng, 0,5 ha": [],
    "thu 1.500.000 và 2.000.000": [],
    "mất 50000000": [],
    "các năm 2019 2020 2021 2022": [],
    "thửa 123 tờ 45, số nhà 25/77": [],
    "quyết định 1234/2026/QĐ-UBND": [],
    "tọa độ 18.3412, 105.9031": [],
    "0905 123 4567": [],
}


@pytest.mark.parametrize(("text", "right"), FOUND.items())
def test_a_number_is_told_from_what_is_none(text: str, right: list[str]) -> None:
    """Telephones by their value, others by their kind."""
    found = numbers.find(f"Cống tắc. {text}")
    assert [one.value if one.kind == Kind.PHONE else str(one.kind) for one in found] == right


@pytest.mark.parametrize(("text", "right"), FOUND.items())
def test_all_of_it_is_masked_and_nothing_else(text: str, right: list[str]) -> None:
    """The number is gone whole; what is nobody's stays as it was written."""
    masked = numbers.mask(text)
    assert (masked == text) is (not right)
    assert numbers.mask(masked) == masked


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("gọi 0905123456 - 0912345678 hoặc lan@x.vn", "gọi … - … hoặc …"),
        ("CCCD 001099012345", "CCCD …"),
        ("tắc từ 08.11.2026 10 giờ", "tắc từ 08.11.2026 10 giờ"),
        ("STK 1903 4567 8901 23 BIDV, 20/11", "STK … BIDV, 20/11"),
        ("(+84) 905 123 456 nhé", "(…) 905 123 456 nhé"),
    ],
)
def test_what_is_left_reads_on(text: str, left: str) -> None:
    """The words and dates around a number stay."""
    if text.startswith("("):
        assert not re.search(r"\d", numbers.mask(text))
    else:
        assert numbers.mask(text) == left


TELEPHONES = (
    st.sampled_from(["03", "05", "07", "08", "09"])
    .flatmap(lambda prefix: st.text("0123456789", min_size=8, max_size=8).map(prefix.__add__))
    .filter(lambda digits: numbers.phone(digits) is not None)
)
AROUND = st.sampled_from(["", "Cống tắc. ", "gọi ", "(", "tổ 10, ", "8h: ", "ở thôn 3 - ", "20/11 "])


@given(TELEPHONES, AROUND, st.sampled_from(["", ".", " 8h", ", cảm ơn", " (chị Hoa)", " - 20/11", "!"]))
def test_no_telephone_is_missed(digits: str, before: str, after: str) -> None:
    """Whatever stands around it, and it is masked whole."""
    text = f"{before}{digits}{after}"
    assert numbers.phones(text) == [f"+84{digits[1:]}"]
    assert digits not in numbers.mask(text)


@given(st.text("0123456789 .-/+()đ,\n\u200bgọi@", max_size=60))
def test_whatever_is_written_is_read(text: str) -> None:
    """What is found lies in order, apart, in no longer row of digits; masking again changes nothing."""
    found = numbers.find(text)
    for one in found:
        assert not (text[one.start - 1 : one.start].isdigit() and text[one.start].isdigit())
        assert not text[one.end : one.end + 1].isdigit()
    assert all(left.end <= right.start for left, right in pairwise(found))
    masked = numbers.mask(text)
    assert numbers.mask(masked) == masked


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("905123456", A),
        ("0905123456", A),
        ("số 0905 123 456 nhé", A),
        ("844666531", "+84844666531"),
        ("12", None),
    ],
)
def test_an_answer_or_a_cell_may_lack_its_first_zero(text: str, value: str | None) -> None:
    """Sheets drop it, and so do people."""
    assert numbers.phone_alone(text) == value


@pytest.mark.parametrize(
    "text", ["không", "khong co", "dạ không ạ", "ko", "Không.", "em không có số điện thoại", "no"]
)
def test_no_is_an_answer_to_the_question_for_a_number(text: str) -> None:
    """Said plainly or politely."""
    assert numbers.is_none(text)


@pytest.mark.parametrize("text", ["0905123456", "không phải số 0905123456", "đèn hỏng không ai sửa", ""])
def test_other_words_are_no_no(text: str) -> None:
    """A number with “không” beside it is a number still."""
    assert not numbers.is_none(text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Cống thôn 3 tắc, tôi là Lan nhà bên báo", "Cống thôn 3 tắc"),
        ("Tôi là Nguyễn Văn Tám ở thôn 3 xin báo đường hỏng", "xin báo đường hỏng"),
        ("toi la lan nha ben, cong tac 3 ngay", "cong tac 3 ngay"),
        ("rác không ai thu em tên là Hoa nhà cạnh chợ", "rác không ai thu"),
        ("Tôi Nguyễn Văn Tám ở thôn 3 thấy đường hỏng", "thấy đường hỏng"),
        ("đèn đường hỏng. Họ và tên: Trần Thị Bé, thôn 5", "đèn đường hỏng. thôn 5"),
        ("Lan đây ạ, cống tắc", "cống tắc"),
        ("Người viết đơn: Hoàng Thị Mai. Cống tắc", ". Cống tắc"),
        ("tôi là người dân thôn 3 đường hỏng nặng", "tôi là người dân thôn 3 đường hỏng nặng"),
        ("nhà tôi là nhà cuối ngõ nước ngập", "nhà tôi là nhà cuối ngõ nước ngập"),
        ("ông là cán bộ mà quát dân", "ông là cán bộ mà quát dân"),
        ("gọi 0905123456 - 0912345678, CCCD 001099012345 đường hỏng", "gọi … - …, CCCD … đường hỏng"),
    ],
)
def test_a_headline_does_not_say_who_wrote(text: str, right: str) -> None:
    """“Tôi là …” is left out wherever it stands; what is told stays."""
    assert headline(text).lstrip(". ") == right.lstrip(". ")
