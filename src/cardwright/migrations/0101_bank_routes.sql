-- Whose an account number is that a bank statement names: found before any transaction of an
-- account, therefore keyed by the number. A number of a financial account pays into that one,
-- every other into the Issuing balance.
create table funding_instruction_routes (
    number text collate "C" not null primary key,
    account_id text collate "C" not null references tenants (account_id),
    currency text collate "C" not null check (currency ~ '^[a-z]{3}$'),
    financial_account text collate "C"
);

-- Whose a payment is that a bank statement names by its reference.
create table payment_routes (
    payment text collate "C" not null primary key,
    account_id text collate "C" not null references tenants (account_id)
);
