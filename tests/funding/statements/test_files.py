"""Reading files of banks: what is in them, and what is refused."""

import io

import pytest

from cardwright.funding.statements import rules
from cardwright.funding.statements.files import ReadLine, format_of, minor_of, read
from cardwright.kernel.refusal import Failure
from tests.funding.statements.files import OWN_IBAN, camt, entry

HEADER = "date,amount,currency,account_number,reference,description,counterparty,bank_reference\n"


def lines(content: bytes) -> list[ReadLine]:
    return list(read(io.BytesIO(content), format_of(content[:16])))


def test_a_credit_of_camt_053() -> None:
    number = "DE44500105175407324931"
    [line] = lines(camt(entry("12.50", number=number, reference="INV-7", bank_reference="B1")))
    assert line == ReadLine(
        booked_on="2025-06-18",
        amount_minor=1250,
        currency="eur",
        bank_account=OWN_IBAN,
        account_number=number,
        bank_reference="B1",
        references=("INV-7",),
        description="Funding",
        counterparty="Jenny Rosen",
    )


def test_a_message_may_be_in_another_encoding() -> None:
    text = camt(entry("5")).decode()
    for name in ("UTF-16", "ISO-8859-1"):
        [told] = lines(text.replace("UTF-8", name).encode(name))
        assert told.amount_minor == 500


def test_a_debit_is_negative_and_what_is_not_booked_is_left_out() -> None:
    older = "<Sts>BOOK</Sts>"
    pending = "<Sts><Cd>PDNG</Cd></Sts>"
    found = lines(camt(entry("-3", status=older), entry("4", status=pending), version="02"))
    assert [line.amount_minor for line in found] == [-300]


def batch(*amounts: str, total: str = "30.00", deep: bool = False) -> bytes:
    parts = [
        f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>'
        if deep
        else f'<Amt Ccy="EUR">{amount}</Amt>'
        for amount in amounts
    ]
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>R{number}</EndToEndId></Refs>{part}</TxDtls>"
        for number, part in enumerate(parts)
    )
    return camt(
        f'<Ntry><Amt Ccy="EUR">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><DtTm>2025-06-18T08:00:00Z</DtTm></BookgDt><AcctSvcrRef>B7</AcctSvcrRef>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


@pytest.mark.parametrize("deep", [False, True])
def test_a_batch_is_its_payments(deep: bool) -> None:
    found = lines(batch("10.00", "20.00", deep=deep))
    assert [(line.amount_minor, line.references, line.bank_reference) for line in found] == [
        (1000, ("R0",), "B7/0"),
        (2000, ("R1",), "B7/1"),
    ]


def test_a_batch_whose_payments_do_not_add_up_is_one_line() -> None:
    [line] = lines(batch("10.00", "10.00"))
    assert (line.amount_minor, line.bank_reference) == (3000, "B7")


def test_csv_with_commas_or_semicolons() -> None:
    text = HEADER + "2025-06-18,12.50,GBP,12 345 678,INV-7,Funding,Jenny Rosen,B1\n\n"
    for content in (text, "\ufeff" + text.replace(",", ";")):
        assert lines(content.encode()) == [
            ReadLine(
                booked_on="2025-06-18",
                amount_minor=1250,
                currency="gbp",
                account_number="12345678",
                bank_reference="B1",
                references=("INV-7",),
                description="Funding",
                counterparty="Jenny Rosen",
            )
        ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "must name the columns"),
        (b"when,how much\n1,2\n", "must name the columns"),
        (f"{HEADER}2025-06-18,1.005,GBP".encode(), "no gbp amount"),
        (f"{HEADER}2025-06-18,0,GBP".encode(), "no gbp amount"),
        (f"{HEADER}2025-06-18,NaN,GBP".encode(), "no amount"),
        (f"{HEADER}2025-06-18,1e99,GBP".encode(), "no amount"),
        (f"{HEADER}2025-06-18,1e9999999,GBP".encode(), "no amount"),
        (f"{HEADER}2025-06-18,1_000,GBP".encode(), "no amount"),
        (f"{HEADER}2025-06-18,\u0661,GBP".encode(), "no amount"),
        (f"{HEADER}2025-06-18,{'9' * 130_000},GBP".encode(), "no gbp amount"),
        (f"{HEADER}2025-06-18,5,GBP,1,a\0b".encode(), "characters that are none"),
        (camt(entry("9" * 1_100_000)), "no amount"),
        (camt(entry("--5")), "a sign of its own"),
        (camt(entry("5")).replace(b"UTF-8", b"utf-7"), "encodings are not supported"),
        (camt(entry("5")).replace(b"UTF-8", b"morse"), "unknown encoding"),
        (f"{HEADER}2025-06-18,5,POUND".encode(), "no currency"),
        (f'{HEADER}2025-06-18,5,GBP,1,"rent\n2025-06-18,6,GBP,2,x\n'.encode(), "end of data"),
        (b"date,amount,currency,Amount\n2025-06-18,1,GBP,2", "the column amount twice"),
        (b"date,currency,amount\n2025-06-18,GBP,1,234.00", "line 2 has more cells"),
        (camt(entry("5")).replace(b"CRDT", b"CREDIT"), "neither CRDT nor DBIT"),
        (camt("<Ntry>" + entry("5").partition("</CdtDbtInd>")[2]), "no amount"),
        (f"{HEADER}18.06.2025,5,GBP".encode(), "no date"),
        (HEADER.encode() + b"2025-06-18,5,GBP,\xff\xfe\n", "utf-8"),
        (b"<Document><BkToCstmrStmt>", "no element found"),
        (b"<html></html>", "no BkToCstmrStmt"),
        (camt("<Ntry><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"), "no amount"),
        (camt(entry("five")), "no amount"),
        (
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + camt()[38:],
            "DTD",
        ),
    ],
)
def test_what_is_no_statement_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Failure) as refused:
        lines(content)
    assert refused.value.refusal.name == "statement_malformed"
    assert words in refused.value.message


def test_amounts_have_the_places_of_their_currency() -> None:
    told = [("12", "jpy"), ("12", "eur"), ("-0.01", "usd"), ("1.234", "kwd"), ("+.5", "gbp")]
    assert [minor_of(*one) for one in told] == [12, 1200, -1, 1234, 50]


def test_a_table_may_name_the_bank_account_as_the_other_format_does() -> None:
    number = "DE44500105175407324931"
    [told] = lines(camt(entry("12.50", number=number, bank_reference="B1")))
    iban = "DE89 3704 0044 0532 0130 00"
    text = f"{HEADER.strip()},bank_account\n2025-06-18,12.50,EUR,{number},,,,B1,{iban}\n"
    [same] = lines(text.encode())
    assert rules.fingerprint(same, 0) == rules.fingerprint(told, 0)


def line(**told: object) -> ReadLine:
    return ReadLine("2025-06-18", 100, "eur")._replace(**told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "payments"),
    [
        ({"references": ("po-01JD0000000000000000000000",)}, ["po_01JD0000000000000000000000"]),
        ({"description": "PO_01JD0000000000000000000000"}, ["po_01JD0000000000000000000000"]),
        (
            {"description": "Returned obp 01JD0000000000000000000000."},
            ["obp_01JD0000000000000000000000"],
        ),
        ({"description": "tempo-01JD0000000000000000000000"}, []),
        ({"description": "po-01JD"}, []),
    ],
)
def test_a_payment_is_known_by_its_reference(told: dict[str, object], payments: list[str]) -> None:
    assert rules.payments_of(line(**told)) == payments


def test_a_british_number_is_known_with_and_without_its_bank() -> None:
    found = rules.numbers_of(line(account_number="GB82WEST12345698765432"))
    assert found == ["GB82WEST12345698765432", "98765432"]


def test_the_same_line_has_the_same_fingerprint_and_its_twin_another() -> None:
    assert rules.fingerprint(line(), 0) == rules.fingerprint(line(), 0)
    assert rules.fingerprint(line(), 0) != rules.fingerprint(line(), 1)
    named = line(bank_reference="B1")
    assert rules.fingerprint(named, 0) == rules.fingerprint(named._replace(description="x"), 1)
