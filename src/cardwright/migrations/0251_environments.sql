-- Test environments: each is a platform of its own, which the platform of the row made.
create table environments (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    -- The platform that it is.
    account text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index environments_by_creation on environments (account_id, created desc, id desc);
create index environments_by_platform on environments (account);

create table environment_snapshots (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    environment text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, environment) references environments (account_id, id)
);
create index environment_snapshots_by_creation
    on environment_snapshots (account_id, created desc, id desc);

-- The rows of a snapshot as they were; what was sealed stays sealed.
create table environment_snapshot_rows (
    account_id text collate "C" not null references tenants (account_id),
    snapshot text collate "C" not null,
    table_name text not null,
    position bigint not null,
    content json not null,
    primary key (account_id, snapshot, table_name, position),
    foreign key (account_id, snapshot) references environment_snapshots (account_id, id)
);
