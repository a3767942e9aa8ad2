-- name: put_terms
-- Say when the money of a balance transaction can be used.
insert into balance_transaction_terms (account_id, id, available_on, status)
values (:account_id, :id, :available_on, 'pending');

-- name: end_terms
-- The money of a balance transaction can be used from now on.
update balance_transaction_terms set available_on = :available_on, status = 'available'
where account_id = :account_id and id = :id;

-- name: list_instant_destinations
-- The default bank accounts that take instant payouts, by currency.
select currency, id from external_accounts
where
    account_id = :account_id and default_for_currency
    and body -> 'available_payout_methods' ? 'instant'
order by currency;
