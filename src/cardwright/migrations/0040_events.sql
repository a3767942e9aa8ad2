-- Events: written in the transaction that caused them, kept thirty days.
--
-- Whoever writes events in bulk fills every column of a row (events.emission.row_of does), adds a
-- row of the same key to events_pending, and takes the object's version: 1 for the event of its
-- creation (no row in object_versions), otherwise
--   insert into object_versions (account_id, object_id, version) values (..., 2)
--   on conflict (account_id, object_id) do update set version = object_versions.version + 1
--   returning version
-- in the same transaction, after the object itself is locked.
create table events (
    account_id text collate "C" not null,
    -- evt_ and 26 characters; v2 shows the same characters behind evt_test_ in test mode.
    id text collate "C" not null,
    type text collate "C" not null,
    -- The account's time; the id holds machine time.
    created_ms bigint not null,
    -- The account's own id where the object has none (the balance).
    object_id text collate "C" not null,
    object_version bigint not null,
    -- The object as JSON in the newest vocabulary (v1 types), old values of what changed.
    snapshot text,
    previous text,
    -- Members of a v2 event as JSON: related_object, data, changes (v2 types).
    thin text,
    request_id text collate "C",
    idempotency_key text,
    primary key (account_id, id)
) with (
    -- Snapshots are written once and read once: compressing them costs more than it saves.
    toast_tuple_target = 8160
);

-- The flag that fan-out works from: a row for every event not yet turned into deliveries. It
-- stands beside the event so that taking it away does not write the event a second time.
create table events_pending (
    account_id text collate "C" not null,
    event_id text collate "C" not null,
    primary key (account_id, event_id)
);

-- The order of events of one object; an object that was only created has no row.
create table object_versions (
    account_id text collate "C" not null,
    object_id text collate "C" not null,
    version bigint not null,
    primary key (account_id, object_id)
) with (fillfactor = 50);
