-- name: list_instant_destinations
-- The default bank accounts that take instant payouts, by currency.
select currency, id from external_accounts
where
    account_id = :account_id and default_for_currency
    and body -> 'available_payout_methods' ? 'instant'
order by currency;
