-- name: get_instructions
-- The funding instructions of an account in a currency.
select currency, created, body from funding_instructions
where account_id = :account_id and currency = :currency;

-- name: list_instructions
-- All funding instructions of an account.
select currency, created, body from funding_instructions
where account_id = :account_id
order by created desc, currency desc;

-- name: put_instructions
-- Keep the funding instructions of an account in a currency.
insert into funding_instructions (account_id, currency, created, body)
values (:account_id, :currency, :created, :body);

-- name: get_bank
-- The operator's bank account for a currency.
select currency, body from operator_bank_accounts
where account_id = :account_id and currency = :currency;

-- name: list_banks
-- The operator's bank accounts.
select currency, body from operator_bank_accounts where account_id = :account_id order by currency;

-- name: put_bank
-- Set the operator's bank account for a currency.
insert into operator_bank_accounts (account_id, currency, body)
values (:account_id, :currency, :body)
on conflict (account_id, currency) do update set body = excluded.body;
