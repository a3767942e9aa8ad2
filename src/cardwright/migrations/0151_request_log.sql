-- What was asked of the API. The account is the platform, for all of its connected accounts.
create table request_log (
    account_id text collate "C" not null,
    -- The request id that the caller was given; it sorts by the instant the request came.
    id text collate "C" not null,
    -- The account that was acted on.
    acting_id text collate "C" not null,
    -- Machine time, and how long the answer took.
    created_ms bigint not null,
    duration_ms integer not null,
    method text not null,
    path text not null,
    status integer not null,
    api_version text,
    -- The API key, masked.
    key text not null,
    idempotency_key text,
    client_ip text,
    -- What was asked, without what is write-only, and the refusal: JSON, sealed, because both can
    -- name people.
    detail bytea not null,
    primary key (account_id, id)
);
