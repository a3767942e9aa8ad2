-- Cardholders: people and companies that cards are issued to.
create table cardholders (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    email text,
    phone_number text,
    status text not null check (status in ('active', 'inactive', 'blocked')),
    type text not null check (type in ('individual', 'company')),
    body jsonb not null,
    primary key (account_id, id)
);
create index cardholders_by_creation on cardholders (account_id, created desc, id desc);
