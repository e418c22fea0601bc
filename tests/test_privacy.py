"""What customers give away is masked, and what they ask about is not, in both languages, written and spoken."""

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.privacy import vault as limits
from knowledge.privacy.checksums import is_iban, is_resident_id
from knowledge.privacy.folding import spelling
from knowledge.privacy.mask import mask
from knowledge.privacy.published import published
from knowledge.privacy.vault import Vault
from tests.conftest import ROOT

RESIDENT = "11010519491231002X"
"""The example of GB 11643-1999."""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("card 4111 1111 1111 1111 please", "card [card ••1111] please"),
        ("4111-1111-1111-1111, exp 11/28, cvv 123", "[card ••1111], exp 11/28, cvv [secret]"),
        ("amex 378282246310005", "amex [card ••0005]"),
        ("3782 822463 10005", "[card ••0005]"),
        ("4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1", "[card ••1111]"),
        ("2 beds, card 4111\u200b1111\u00a01111\u20111111", "2 beds, card [card ••1111]"),
        ("4111 1111 1111 1111 and 5555 5555 5555 4444", "[card ••1111] and [card ••4444]"),
        ("1 4111 1111 1111 1111", "1 [card ••1111]"),
        ("x41111111111111111", "x[number]"),
        ("卡号４１１１　１１１１　１１１１　１１１１谢谢", "卡号[银行卡 ••1111]谢谢"),
        ("银联6222021234567890128", "银联[银行卡 ••0128]"),
        ("卡号是6222 0212 3456 7890 13，密码忘了", "卡号是[银行账号]，密码忘了"),
    ],
)
def test_card_leaves_its_last_four_digits(said: str, kept: str) -> None:
    assert mask(said).text == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("four one one one, one one one one, one one one one, one one one one", "[card]"),
        ("It's four triple one double one one one one one one one one uh one one one.", "It's [card]."),
        ("forty-one eleven eleven eleven eleven eleven eleven eleven", "[card]"),
        ("我的卡号是四一一一 一一一一 一一一一 一一一一", "我的卡号是[银行卡]"),
        ("四幺幺幺，幺幺幺幺，幺幺幺幺，幺幺幺幺", "[银行卡]"),
        ("my number is five oh three five five five oh one four two", "my number is [phone]"),
        ("打一三八零零一三八零零零给我", "打[电话]给我"),
        ("身份证一一零一零五一九四九一二三一零零二X", "身份证[证件号]"),
        ("the pin is four eight two one", "the pin is [secret]"),
        ("my email is jane dot doe at example dot com", "my email is [email]"),
        ("我的邮箱是jane艾特163点com", "我的邮箱是[邮箱]"),
        ("it's four one one one, four one one one, four one one one, four one one one", "it's [number]"),
        ("where is order one two three four five", "where is order one two three four five"),
        ("订单号是一二三四五六七", "订单号是一二三四五六七"),
    ],
)
def test_what_is_spelled_out_by_ear_is_heard(said: str, kept: str) -> None:
    assert mask(said).text == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my ssn is 123-45-6789", "my ssn is [ID number]"),
        ("my social security number is 123456789", "my social security number is [ID number]"),
        ("AB 12 34 56 C", "[ID number]"),
        ("passport no. E12345678", "passport no. [ID number]"),
        ("passport number: 123456789", "passport number: [ID number]"),
        ("护照号码是EA1234567", "护照号码是[证件号]"),
        (f"身份证{RESIDENT}可以吗", "身份证[证件号]可以吗"),
        ("110105 19491231 002x", "[ID number]"),
        ("130503670401001", "[ID number]"),
        ("DE89 3704 0044 0532 0130 00", "[account]"),
        ("my iban is gb82west12345698765432 thanks", "my iban is [account] thanks"),
        ("account number 12345678, sort code 12-34-56", "account number [account], sort code [account 2]"),
        ("银行账号：1234567890123", "银行账号：[银行账号]"),
    ],
)
def test_identity_and_accounts_are_masked(said: str, kept: str) -> None:
    assert mask(said).text == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("write to jane.doe+x@mail.example.co.uk today", "write to [email] today"),
        ("jane@a.com, joe@b.com, JANE@a.com", "[email], [email 2], [email]"),
        ("邮箱jane@example.com谢谢", "邮箱[邮箱]谢谢"),
        ("müller@firma.de.", "[email]."),
        ("zhang＠163.com", "[email]"),
        ("call 503-555-0142 or +1 (503) 555 0142", "call [phone] or [phone]"),
        ("+44 20 7946 0958", "[phone]"),
        ("0044 20 7946 0958", "[phone]"),
        ("(020) 7946 0958", "[phone]"),
        ("07700 900123", "[phone]"),
        ("call me back on 5035550142", "call me back on [phone]"),
        ("13800138000", "[phone]"),
        ("手机号码是138 0013 8000，急", "手机号码是[电话]，急"),
        ("+86 138-0013-8000", "[phone]"),
        ("座机010-62345678，0755-26001234", "座机[电话]，[电话 2]"),
        ("电话62345678", "电话[电话]"),
    ],
)
def test_ways_to_reach_somebody_are_masked(said: str, kept: str) -> None:
    assert mask(said).text == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I live at 42 Elm Street, Springfield, IL 62704", "I live at [address]"),
        ("to 1600 Pennsylvania Ave NW, Washington, DC 20500 please", "to [address] please"),
        ("my address is 12 high street", "my address is [address]"),
        ("Flat 3, 12 High Street, London SW1A 1AA", "[address]"),
        ("12 High Street, can you deliver there?", "[address], can you deliver there?"),
        ("PO Box 1234, Denver, CO 80201", "[address]"),
        ("请送到北京市朝阳区建国路88号3号楼1201室", "请送到[地址]"),
        ("我住在上海市浦东新区世纪大道100号，能送吗", "我住在[地址]，能送吗"),
        ("地址：广东省深圳市南山区科苑路15号科兴科学园B栋5单元1801", "地址：[地址]"),
        ("我家在阳光花园5号楼2单元301", "我家在[地址]"),
        ("3栋2单元501室", "[地址]"),
    ],
)
def test_postal_addresses_are_masked(said: str, kept: str) -> None:
    assert mask(said).text == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("sk-abcdefghijklmnopqrstuv123", "[secret]"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[secret]"),
        ("AKIAIOSFODNN7EXAMPLE", "[secret]"),
        ("Authorization: Bearer abc123def456ghi789", "Authorization: Bearer [secret]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def", "[secret]"),
        ("api key = 9f8e7d6c5b4a", "api key = [secret]"),
        ("https://jane:secret1@shop.example/x", "https://[secret]/x"),
        ("my password is hunter2", "my password is [secret]"),
        ("My password is sunshine.", "My password is [secret]."),
        ('password: "correct horse"', 'password: "[secret]"'),
        ("密码是abc12345", "密码是[机密]"),
        ("验证码是 482913", "验证码是 [机密]"),
        ("my pin is 4821", "my pin is [secret]"),
    ],
)
def test_secrets_are_masked(said: str, kept: str) -> None:
    assert mask(said).text == kept


@pytest.mark.parametrize(
    "said",
    [
        "order 3348917502 of 2026-11-22 for $1,150.00",
        "my order number is 20121382",
        "order #1234567890123",
        "order number 13912345678",
        "return number 4412345678",
        "tracking 9400111899223197428490",
        "订单号13912345678什么时候到",
        "运单号是75512345678901",
        "my password is not working",
        "I forgot my password, the password is wrong",
        "密码是什么？忘了密码怎么办",
        "postcode 97201-1234 or 90210",
        "SKU 123-456-7890",
        "product code 4006381333931, article 404.123.45",
        "the sofa is 200 x 90 x 85 cm, sizes 120 140 160 180 200",
        "between 2026-11-22 and 2026-11-30",
        "22.11.2026 30.11.2026 from 14:30 to 16:30",
        "I need it within 2 to 3 days down the road",
        "2 sofas on my street, 12 in the road",
        "call you at 800-555-0199",
        "客服电话400-820-8820",
        "满999美元免费吗，3楼没电梯",
        "一二三楼都送吗，三号楼怎么走",
        "五十到一百美元，二〇二六年十一月二十二日",
        "IP 192.168.100.200, version 1.2.3.4",
        "550e8400-e29b-41d4-a716-446655440000",
        "my passport is 5 years old, the card is from 2024",
        "Do I need 12 screws and 14 bolts for 16 shelves?",
        "https://shop.example/p/Abcdefghijklmnopqrstuvwxyz0123456789",
        "one two three, can I call you in 30 minutes",
        "is there a sale at example dot com",
        "", " ", "👍", "[email]", "[card ••1111]", "[邮箱 2]",
    ],
)  # fmt: skip
def test_what_a_question_is_about_stays(said: str) -> None:
    assert mask(said).found == ()
    assert mask(said).text == said


def _cells(path: Path, *columns: str) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return [cell for row in csv.DictReader(file) for name in columns for cell in (row.get(name) or "").split("|")]


DEMO = [ROOT / "knowledge" / "demo" / name for name in ("en.csv", "zh.csv")]


def test_no_question_that_the_tests_and_the_demo_know_holds_anything_to_mask() -> None:
    asked = [cell for path in DEMO for cell in _cells(path, "question", "variants")]
    asked += [cell for path in (ROOT / "tests" / "data").glob("*.csv") for cell in _cells(path, "query", "question")]
    assert len(asked) > 1_000
    assert [question for question in asked if mask(question).found] == []


def test_what_the_company_publishes_is_no_customers() -> None:
    answers = [cell for path in DEMO for cell in _cells(path, "answer")]
    public = published(answers)
    vault = Vault(is_public=lambda kind, value: spelling(kind, value) in public)
    conversation = uuid4()
    assert [answer for answer in answers if vault.mask(answer, conversation=conversation) != answer] == []
    asked = "Is +1 (503) 555-0142 yours? Mine is 503-555-0177."
    assert vault.mask(asked, conversation=conversation) == "Is +1 (503) 555-0142 yours? Mine is [phone]."


# Properties


def luhn(digits: str) -> bool:
    """Written anew, from the right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
@example("password is sunshine a@b.co")
@example("[email a@b.co]")
@example("\u0660\u0661\u0662 ₁²")
def test_masking_never_fails_and_twice_is_once(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


_WORDS = st.sampled_from(
    "4111111111111111 4111 1111 503-555-0142 13800138000 a@b.co password is: = 12 Elm Street 北京市 建国路 88号 "
    "卡号 one four order call +44 20 7946 0958 sk-abcdefghijklmnopqrstuv123 [email] "
    "[card ••1111] , . ( ) - @ DE89370400440532013000 "
    "11010519491231002X 电话 邮箱 at dot com [ ] double".split()
)


@given(
    st.lists(_WORDS, max_size=25).flatmap(lambda words: st.sampled_from(("", " ", ", ")).map(lambda by: by.join(words)))
)
def test_masking_twice_is_once_for_texts_full_of_it(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@given(
    st.text("0123456789", min_size=12, max_size=18),
    st.sampled_from(("", " ", "-")),
    st.sampled_from(("", "it is ", "订单号", "pay with ", "x", "(")),
    st.sampled_from(("", ".", " thanks", "谢谢", ")", "\n")),
)
def test_no_number_that_passes_as_a_cards_is_left(most: str, by: str, before: str, after: str) -> None:
    number = next(most + check for check in "0123456789" if luhn(most + check))
    written = by.join(number[place : place + 4] for place in range(0, len(number) - len(number) % 4 - 4, 4))
    written += by * bool(written) + number[len(number) - len(number) % 4 - 4 :]
    left = re.sub(r"[ -]", "", mask(f"{before}{written}{after}").text)
    assert number not in left
    assert not any(luhn(run) for run in re.findall(r"\d{13,19}", left))


@given(st.text("0123456789", min_size=14, max_size=14))
def test_only_the_right_check_character_makes_a_resident(number: str) -> None:
    stem = "110105" + "19900101" + number[:3]
    assert sum(is_resident_id(stem + check) for check in "0123456789X") == 1


def test_ibans_are_known_by_their_check_digits() -> None:
    assert is_iban("DE89370400440532013000")
    assert not is_iban("DE88370400440532013000")


@pytest.mark.parametrize(
    "noise",
    ["1", "1 ", "a", "a@", "a.a", "+", "one ", "路", "一", "1 A ", "1 Aa ", "12 a b ", "[", "DE89 ", "aB1-", "0-00",
     "(", "a.b@c.", "double ", "一路", "小区1号", "flat 1, ", "password is ", "-----BEGIN PRIVATE KEY-----", "4111 ",
     "13800138000 "],
)  # fmt: skip
def test_card_in_twenty_thousand_hostile_characters_is_found_all_the_same(noise: str) -> None:
    text = (noise * 10_000)[:10_000]
    assert "5555555555554444" not in mask(f"{text}\n;my card: 5555555555554444; {text}").text


# The vault

AT = datetime(2026, 3, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


def test_tool_gets_back_what_was_said_in_its_conversation_and_no_other() -> None:
    vault, here, there = Vault(), uuid4(), uuid4()
    assert vault.mask("I am jane@a.com", conversation=here) == "I am [email]"
    assert vault.mask("or joe@b.com, not JANE@a.com", conversation=here) == "or [email 2], not [email]"
    assert vault.mask("joe@b.com", conversation=there) == "[email]"
    assert vault.value("[email 2]", conversation=here) == "joe@b.com"
    assert vault.restore("mail [email 2] or [phone]", conversation=here) == "mail joe@b.com or [phone]"
    assert vault.restore("[email]", conversation=there) == "joe@b.com"
    assert vault.restore("[email]", conversation=uuid4()) == "[email]"
    vault.forget(here)
    assert vault.value("[email]", conversation=here) is None


def test_words_that_are_only_guessed_get_the_names_they_would_get_and_leave_nothing() -> None:
    vault, here = Vault(), uuid4()
    vault.mask("I am jane@a.com", conversation=here)
    assert vault.mask("jane@a.com or joe@b.c", conversation=here, keeps=False) == "[email] or [email 2]"
    assert vault.value("[email 2]", conversation=here) is None
    assert vault.mask("joe@b.com", conversation=here) == "[email 2]"
    assert vault.mask("joe@b.com", conversation=(there := uuid4()), keeps=False) == "[email]"
    assert there not in vault._drawers


def test_cards_and_secrets_are_not_even_kept_in_memory() -> None:
    vault, here = Vault(), uuid4()
    masked = vault.mask("card 4111111111111111, my password is hunter2, a@b.co", conversation=here)
    assert masked == "card [card ••1111], my password is [secret], [email]"
    assert vault.restore(masked, conversation=here) == "card [card ••1111], my password is [secret], a@b.co"


def test_vault_forgets_with_time_and_holds_so_many() -> None:
    clock = Clock()
    vault, here = Vault(now=clock.now), uuid4()
    vault.mask("a@b.co", conversation=here)
    clock.at += limits.KEPT_FOR + timedelta(seconds=1)
    assert vault.value("[email]", conversation=here) is None
    mails = [f"a{number}@b.co" for number in range(limits.VALUES + 1)]
    vault.mask(" ".join(mails), conversation=here)
    assert vault.value("[email]", conversation=here) is None
    assert vault.value(f"[email {limits.VALUES + 1}]", conversation=here) == mails[-1]
    for _ in range(limits.CONVERSATIONS):
        vault.mask("a@b.co", conversation=uuid4())
    assert vault.value(f"[email {limits.VALUES + 1}]", conversation=here) is None
