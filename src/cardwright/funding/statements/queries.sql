-- name: enter_number
-- Say whose an account number is; a number that is known keeps its owner.
insert into funding_instruction_routes (number, account_id, currency, financial_account)
values (:number, :account_id, :currency, :financial_account)
on conflict (number) do nothing;

-- name: find_number
-- Whose an account number is.
select account_id, currency, financial_account from funding_instruction_routes
where number = :number;

-- name: enter_payment
-- Say whose a payment is.
insert into payment_routes (payment, account_id) values (:payment, :account_id)
on conflict (payment) do nothing;
