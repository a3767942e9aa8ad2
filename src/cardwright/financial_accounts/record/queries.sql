-- name: balances_of_financial_accounts
-- What financial accounts have and expect.
select book, currency, available_minor, held_minor, overdrawn
from balances
where account_id = :account_id and book = any(:books::text[])
order by book, currency;

-- name: put_note
-- Write what an account notes on a transaction.
insert into financial_account_notes (account_id, id, body) values (:account_id, :id, :body)
on conflict (account_id, id) do update set body = excluded.body;
