-- name: balances_of_financial_accounts
-- What financial accounts have and expect.
select book, currency, available_minor, held_minor, overdrawn
from balances
where account_id = :account_id and book = any(:books::text[])
order by book, currency;

-- name: capability_statuses
-- How an account stands with some of its capabilities.
select path, status from account_capabilities
where account_id = :account_id and path = any(:paths::text[]) and requested;

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

-- name: newest_payout_method
-- The payout method that an account added last and can be paid at.
select id from payout_methods
where account_id = :account_id and not archived
    and body #>> '{usage_status,payments}' = 'eligible'
order by created desc, id desc limit 1;

-- name: put_note
-- Write what an account notes on a transaction.
insert into financial_account_notes (account_id, id, body) values (:account_id, :id, :body)
on conflict (account_id, id) do update set body = excluded.body;

-- name: addresses_of_financial_accounts
-- The active addresses of some financial accounts, oldest first.
select id from financial_addresses
where account_id = :account_id and financial_account = any(:accounts::text[])
    and status = 'active'
order by created, id;

-- name: list_waiting_outbound
-- Money of a platform's accounts that no payment file has taken to the bank yet.
select sent.account_id, sent.id
from (
    select account_id, id, body from outbound_transfers
    where status = 'processing' and payment_file is null
    union all
    select account_id, id, body from outbound_payments
    where status = 'processing' and payment_file is null
) as sent
inner join tenants on tenants.account_id = sent.account_id
where tenants.platform_id = :platform_id and sent.body #>> '{amount,currency}' = :currency
order by sent.account_id, sent.id
limit :limit;
