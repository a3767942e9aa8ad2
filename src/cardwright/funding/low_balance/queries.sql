-- name: low_balances
-- The currencies in which an account's Issuing balance is too low.
select currency, alert_id, started_ms from low_balances
 where account_id = :account_id order by currency;

-- name: begin_low_balance
-- An Issuing balance is too low from now on.
insert into low_balances (account_id, currency, alert_id, started_ms)
values (:account_id, :currency, :alert_id, :started_ms);

-- name: end_low_balance
-- An Issuing balance is no longer too low.
delete from low_balances where account_id = :account_id and currency = :currency;

-- name: spent_since
-- What cards spent of an account's Issuing balance since an instant, by currency.
select currency, -sum(amount_minor)::bigint as spent_minor
  from entries
 where account_id = :account_id and line = 0 and created_ms / 1000 > :since
   and book = 'issuing' and reason = :reason
 group by currency;

-- name: accounts_with_issuing_balance
-- The accounts of a platform that have an Issuing balance, after one of them.
select account_id from tenants
 where platform_id = :platform_id and account_id > :after
   and exists (select from balances
                where balances.account_id = tenants.account_id and balances.book = 'issuing')
 order by account_id limit :count;
