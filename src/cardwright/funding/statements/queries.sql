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

-- name: find_payment
-- Whose a payment is.
select account_id from payment_routes where payment = :payment;

-- name: lock_imports
-- Let one file of a platform be imported at a time, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(:name, 0));

-- name: known_lines
-- Which of these lines are there already.
select fingerprint from bank_statement_lines
where account_id = :account_id and fingerprint = any(:fingerprints::text[]);

-- name: statement_of_file
-- The statement that a file was imported as.
select id from bank_statements where account_id = :account_id and digest = :digest;

-- name: accounts_to_book
-- The accounts that lines of a statement are about to be booked in.
select distinct account from bank_statement_lines
where account_id = :account_id and statement = :statement and status = 'matched'
order by account;

-- name: booked_before
-- Another line that said the same of a payment: that it arrived, or that it left.
select id from bank_statement_lines
where
    account_id = :account_id and payment = :payment and status = 'booked' and id <> :id
    and (amount > 0) = :arrived
limit 1;
