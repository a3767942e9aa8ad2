-- Where an account sends money for its cards: the same for an account and currency for good.
create table funding_instructions (
    account_id text collate "C" not null references tenants (account_id),
    currency text collate "C" not null,
    created bigint not null,
    body jsonb not null,
    primary key (account_id, currency)
);

-- The bank account of the operator for a currency: payouts leave from it, and accounts of the live
-- environment are given numbers of its bank to send money to. It belongs to the platform.
create table operator_bank_accounts (
    account_id text collate "C" not null references tenants (account_id),
    currency text collate "C" not null,
    body jsonb not null,
    primary key (account_id, currency)
);
