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
