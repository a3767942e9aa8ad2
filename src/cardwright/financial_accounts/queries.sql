-- name: pending_financial_accounts
-- The financial accounts that wait for a capability.
select id from financial_accounts
where account_id = :account_id and status = 'pending' order by id;

-- name: addresses_of_financial_account
-- The addresses of a financial account that are not archived.
select id from financial_addresses
where account_id = :account_id and financial_account = :financial_account
    and status <> 'archived'
order by id;

-- name: addresses_of_financial_accounts
-- The active addresses of some financial accounts, oldest first.
select id from financial_addresses
where account_id = :account_id and financial_account = any(:accounts::text[])
    and status = 'active'
order by created, id;
