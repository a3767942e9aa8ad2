-- What was sent at each try and what came back. The body that was sent is rendered again from the
-- event: the version and the count of deliveries that it named are kept for that.
alter table delivery_attempts
  add column url text,
  add column signature text,
  add column api_version text collate "C",
  add column pending_webhooks integer,
  add column answer_headers text,
  add column answer_body text;

alter table deliveries
  -- The process that is trying, until it has noted what came of it.
  add column taken_by integer,
  -- Tries up to this one are not counted: the event was sent again by hand after them.
  add column counted_from integer not null default 0;
create index deliveries_taken on deliveries (taken_by)
    where state = 'pending' and taken_by is not null;

-- When a sealed value ends: an earlier signing secret, while receivers learn the new one.
alter table secrets add column expires_ms bigint;

-- Destinations that have accepted nothing since an instant.
create table failing_destinations (
    account_id text collate "C" not null,
    destination_id text collate "C" not null,
    -- Machine time of the first and of the latest failed try.
    since_ms bigint not null,
    latest_ms bigint not null,
    -- Machine time at which the owner was told, and at which it was disabled.
    noticed_ms bigint,
    disabled_ms bigint,
    primary key (account_id, destination_id)
);
