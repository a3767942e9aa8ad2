-- Clocks as a resource of their own: how long rules wait on them, whether an arrival waits until
-- receivers of webhooks were told, how many deadlines were met on the way, and when they go.
alter table clocks
  add column timers text not null default 'test' check (timers in ('test', 'live')),
  add column waits_for_webhooks boolean not null default false,
  add column deadlines_met bigint not null default 0,
  add column deletes_after_ms bigint not null default 0,
  add column deleted_ms bigint;
update clocks set deletes_after_ms = created_ms + 30::bigint * 86400000;
alter table clocks alter column deletes_after_ms drop default;
create index clocks_waiting on clocks (account_id, id) where waits_for_webhooks;

-- A deadline carries the clock that its account follows, so that the next one of a clock is found
-- at once however many accounts there are. A row without it is on machine time, or was written by
-- a statement that does not know the clock: it is stamped when the clock sets out.
alter table deadlines add column clock_id text collate "C";
update deadlines set clock_id = tenants.clock_id
  from tenants
 where tenants.account_id = deadlines.account_id and tenants.clock_id is not null
   and deadlines.timebase = 'account';
drop index deadlines_by_due;
create index deadlines_by_machine on deadlines (due_ms) where clock_id is null;
create index deadlines_by_clock on deadlines (clock_id, due_ms, account_id)
    where clock_id is not null;
