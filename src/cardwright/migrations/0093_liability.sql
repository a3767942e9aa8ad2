-- What a platform has set aside for each of its connected accounts that is below zero.
create table liability_reserves (
    account_id text collate "C" not null references tenants (account_id),
    liable_for_id text collate "C" not null,
    currency text collate "C" not null,
    amount_minor bigint not null check (amount_minor >= 0),
    primary key (account_id, liable_for_id, currency)
);

-- Which book a card transaction was taken from, and how much of a capture was refunded.
alter table issuing_transactions
add column book text collate "C" not null default 'issuing',
add column refunded_minor bigint not null default 0;
