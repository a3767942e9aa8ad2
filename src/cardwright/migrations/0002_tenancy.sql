-- The registry of accounts: every platform and every connected account, one mode each.
create table tenants (
    account_id text collate "C" primary key,
    platform_id text collate "C" not null,
    livemode boolean not null,
    clock_id text collate "C",
    closed_ms bigint,
    created_ms bigint not null
);
create index tenants_by_platform on tenants (platform_id, account_id);

create table gates (
    account_id text collate "C" primary key references tenants (account_id)
) with (fillfactor = 50);

-- Settings of a platform that requests read: its pinned version and its answers to defaults.
create table platform_settings (
    account_id text collate "C" primary key references tenants (account_id),
    api_version text not null,
    body jsonb not null
);

-- Routing: a key names its account. Only a hash of the key is kept.
create table api_keys (
    hash text collate "C" primary key,
    account_id text collate "C" not null,
    kind text not null check (kind in ('secret', 'publishable')),
    last4 text not null,
    created_ms bigint not null,
    expires_ms bigint
);
create index api_keys_by_account on api_keys (account_id);

-- Virtual clocks (test mode); account_id is the platform that made the clock.
create table clocks (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    now_ms bigint not null,
    target_ms bigint,
    status text not null check (status in ('ready', 'advancing', 'internal_failure')),
    name text,
    created_ms bigint not null,
    primary key (account_id, id)
);

create table idempotency_keys (
    account_id text collate "C" not null references tenants (account_id),
    api text not null check (api in ('v1', 'v2')),
    key text collate "C" not null,
    fingerprint text not null,
    status integer not null,
    answer bytea not null,
    created_ms bigint not null,
    primary key (account_id, api, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_ms);

create table deadlines (
    account_id text collate "C" not null references tenants (account_id),
    kind text not null,
    subject text collate "C" not null,
    due_ms bigint not null,
    rank integer not null default 0,
    timebase text not null default 'account' check (timebase in ('account', 'machine')),
    attempts integer not null default 0,
    not_before_ms bigint not null default 0,
    primary key (account_id, kind, subject)
);
create index deadlines_by_due on deadlines (due_ms);

-- Sealed values that belong to an object: signing secrets, card numbers, tax ids.
create table secrets (
    account_id text collate "C" not null references tenants (account_id),
    subject text collate "C" not null,
    name text not null,
    sealed bytea not null,
    primary key (account_id, subject, name)
);
