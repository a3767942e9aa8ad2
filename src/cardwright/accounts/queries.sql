-- name: default_external_account
-- Where money of a currency is paid out to.
select id from external_accounts
 where account_id = :account_id and currency = :currency and default_for_currency;

-- name: instant_accounts
-- The default bank accounts that take instant payouts.
select currency, id from external_accounts
where
    account_id = :account_id and default_for_currency
    and body -> 'available_payout_methods' ? 'instant'
order by currency;
