-- Command lines that listen, while their connection is open: each is a destination that events are
-- pushed to instead of posted. A row for each face of events that it wants.
create table listening_sessions (
    account_id text collate "C" not null,
    id text collate "C" not null,
    -- Machine time until which it counts as present; the process that holds the connection moves
    -- it on.
    until_ms bigint not null,
    body jsonb not null,
    primary key (account_id, id)
);
