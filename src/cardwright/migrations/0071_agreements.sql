-- What an account agreed to, and when that ended: rows are added and never changed.
create table account_agreements (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    kind text not null check (kind in ('accepted', 'cleared')),
    -- The member that holds the acceptance, such as
    -- identity.attestations.terms_of_service.account; subject is the account or a person.
    agreement text collate "C" not null,
    subject text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index account_agreements_by_creation
    on account_agreements (account_id, created desc, id desc);

-- The versions of a platform's terms, by the beginning of the members they are accepted in.
create table terms_versions (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    agreement text collate "C" not null,
    version text collate "C" not null,
    published_ms bigint not null,
    body jsonb not null,
    primary key (account_id, id),
    unique (account_id, agreement, version)
);
create index terms_versions_by_creation on terms_versions (account_id, created desc, id desc);
