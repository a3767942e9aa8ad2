-- Tokens of cards in digital wallets.
create table issuing_tokens (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    card text collate "C" not null,
    status text not null check (status in ('active', 'deleted', 'requested', 'suspended')),
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, card) references cards (account_id, id)
);
create index issuing_tokens_by_creation on issuing_tokens (account_id, created desc, id desc);
create index issuing_tokens_by_card on issuing_tokens (account_id, card, created desc, id desc);
