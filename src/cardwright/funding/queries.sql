-- name: put_terms
-- Say when the money of a balance transaction can be used.
insert into balance_transaction_terms (account_id, id, available_on, status)
values (:account_id, :id, :available_on, 'pending');

-- name: end_terms
-- The money of a balance transaction can be used from now on.
update balance_transaction_terms set available_on = :available_on, status = 'available'
where account_id = :account_id and id = :id;
