-- name: put_note
-- Write what an account notes on a transaction.
insert into financial_account_notes (account_id, id, body) values (:account_id, :id, :body)
on conflict (account_id, id) do update set body = excluded.body;
