-- Who wants to hear of events: v1 webhook endpoints and v2 event destinations. The signing secret
-- is kept sealed among the secrets.
create table webhook_endpoints (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    body jsonb not null,
    primary key (account_id, id)
);

create table event_destinations (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id)
);

-- One row for an event and a destination that wants it; account_id is the destination's.
create table deliveries (
    account_id text collate "C" not null,
    event_id text collate "C" not null,
    destination_id text collate "C" not null,
    event_account_id text collate "C" not null,
    state text not null default 'pending'
        check (state in ('pending', 'succeeded', 'failed', 'canceled')),
    attempts integer not null default 0,
    -- Machine time at which it may be taken: the next try, or the end of the lease of whoever
    -- is trying.
    due_ms bigint not null,
    primary key (account_id, event_id, destination_id)
) with (fillfactor = 80);
create index deliveries_due on deliveries (account_id, destination_id, due_ms)
    where state = 'pending';

-- What came of each try.
create table delivery_attempts (
    account_id text collate "C" not null,
    event_id text collate "C" not null,
    destination_id text collate "C" not null,
    attempt integer not null,
    started_ms bigint not null,
    duration_ms integer not null,
    -- The receiver's HTTP status, or why there is none.
    status integer,
    failure text,
    next_try_ms bigint,
    primary key (account_id, event_id, destination_id, attempt)
);
