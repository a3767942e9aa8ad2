-- How questions about card payments were answered, counted by platform and minute of machine time;
-- kept for as long as alerts look back.
create table authorization_request_counts (
    account_id text collate "C" not null,
    minute bigint not null,
    outcome text collate "C" not null check (outcome in ('answered', 'errors', 'timeout')),
    approved boolean not null,
    count bigint not null,
    primary key (account_id, minute, outcome, approved)
);

-- Alerts that are firing.
create table health_alerts (
    account_id text collate "C" not null,
    kind text collate "C" not null,
    alert_id text collate "C" not null,
    started_ms bigint not null,
    primary key (account_id, kind)
);
