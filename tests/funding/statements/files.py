"""Files as banks send them, and sending them."""

import io
from typing import Any

import aiohttp

from tests.support.server import Platform

OWN_IBAN = "DE89370400440532013000"


def entry(
    amount: str,
    *,
    currency: str = "EUR",
    number: str | None = None,
    reference: str = "NOTPROVIDED",
    bank_reference: str | None = None,
    words: str = "Funding",
    day: str = "2025-06-18",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
) -> str:
    """An entry of a camt.053 statement: a credit, or with a minus a debit."""
    debit = amount.startswith("-")
    side = "Dbtr" if debit else "Cdtr"
    kept = f"<Id><IBAN>{number}</IBAN></Id>" if number and number[:2].isalpha() else ""
    if number and not kept:
        kept = f"<Id><Othr><Id>{number}</Id></Othr></Id>"
    account = f"<{side}Acct>{kept}</{side}Acct>" if kept else ""
    servicer = f"<AcctSvcrRef>{bank_reference}</AcctSvcrRef>" if bank_reference else ""
    return f"""<Ntry><Amt Ccy="{currency}">{amount.removeprefix("-")}</Amt>
      <CdtDbtInd>{"DBIT" if debit else "CRDT"}</CdtDbtInd>{status}
      <BookgDt><Dt>{day}</Dt></BookgDt>{servicer}
      <NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>
        <RltdPties><Dbtr><Pty><Nm>Jenny Rosen</Nm></Pty></Dbtr>{account}</RltdPties>
        <RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def camt(*entries: str, iban: str = OWN_IBAN, version: str = "08") -> bytes:
    """A camt.053 message with one statement."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId><CreDtTm>2025-06-18T20:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>1</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


async def send(platform: Platform, content: bytes, name: str = "day.xml") -> tuple[int, Any]:
    """Import a file; the answer is (status, decoded body)."""
    data = aiohttp.FormData(default_to_multipart=True)
    data.add_field("file", io.BytesIO(content), filename=name)
    async with platform.live.http.post(
        f"{platform.base}/_cardwright/bank_statements",
        data=data,
        headers={"Authorization": f"Bearer {platform.keys.secret}"},
    ) as response:
        return response.status, await response.json()
