-- Accounts: one row each, in the account's own tenancy; platform_id is for lists alone and null
-- for a platform's own account.
create table accounts (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    platform_id text collate "C",
    created text collate "C" not null,
    closed boolean not null,
    applied_configurations text[] not null,
    body jsonb not null,
    primary key (account_id, id),
    check (account_id = id)
);
create index accounts_by_platform on accounts (platform_id, created desc, id desc);

create table account_persons (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index account_persons_by_creation on account_persons (account_id, created desc, id desc);

-- Capabilities by path, such as card_creator.commercial.stripe.charge_card.
create table account_capabilities (
    account_id text collate "C" not null references tenants (account_id),
    path text collate "C" not null,
    requested boolean not null,
    status text not null
        check (status in ('active', 'pending', 'rejected', 'restricted', 'unsupported')),
    status_details jsonb not null,
    requested_ms bigint not null,
    primary key (account_id, path)
);

-- What was found out about an account or a person. The digest is of the values that were
-- checked: other values need another check. An outcome is 'verified' or the code of an error;
-- it counts once it is settled. A failure counts against the account from due_ms on.
create table account_verifications (
    account_id text collate "C" not null references tenants (account_id),
    subject text collate "C" not null,
    name text collate "C" not null,
    digest text not null,
    outcome text,
    settled boolean not null,
    due_ms bigint,
    started_ms bigint not null,
    primary key (account_id, subject, name)
);
