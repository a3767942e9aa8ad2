"""Reading transactions stays quick however many there are: they are found by indexes."""

from typing import Any

from tests.support.server import Platform

ENTRIES = """
insert into entries
    (account_id, transfer_id, line, book, part, currency, amount_minor, reason, source_id,
     created_ms)
select $1, 'txn_' || lpad(number::text, 26, '0'), line,
       case when line = 0 then 'fa_1' else 'outside' end, 'available', 'usd',
       case when line = 0 then 5 else -5 end, 'received_credit',
       'rc_' || lpad(number::text, 26, '0'), 1700000000000 + number
  from generate_series(1, 5000) number, generate_series(0, 1) line
"""
NEWEST = "account_id = $1 and financial_account = 'fa_1' order by created desc, id desc limit 10"
QUERIES = {
    "transactions newest": f"financial_account_transactions where {NEWEST}",
    "entries newest": f"financial_account_entries where {NEWEST}",
    "transaction by id": "financial_account_transactions where account_id = $1 and id = $2",
    "entry by id": "financial_account_entries where account_id = $1 and id = $2",
    "entries of one": "financial_account_entries where account_id = $1 and transaction = $2",
}


async def test_no_list_reads_everything(pool: Any, platform: Platform) -> None:
    account = platform.keys.account_id
    one = "0" * 22 + "0042"
    async with pool.acquire() as connection:
        # The other tests prove the books of all accounts, so these entries do not stay.
        work = connection.transaction()
        await work.start()
        try:
            await connection.execute(ENTRIES, account)
            await connection.execute("analyze entries")
            for name, query in QUERIES.items():
                given = [account]
                if "$2" in query:
                    given.append(f"trxne_{one}" if name == "entry by id" else f"trxn_{one}")
                found = await connection.fetch(f"select id from {query}", *given)
                assert len(found) == (10 if "newest" in name else 1), name
                plan = await connection.fetch(
                    f"explain (analyze, buffers, timing off, summary off) select * from {query}",
                    *given,
                )
                touched = plan[0][0] if "rows" not in plan[0][0] else plan[1][0]
                hits = int(touched.partition("hit=")[2].split()[0] or 0)
                assert hits < 400, f"{name} touches {hits} pages:\n" + "\n".join(
                    row[0] for row in plan
                )
        finally:
            await work.rollback()
