-- name: insert_clock
-- A new virtual clock of a platform.
insert into clocks (account_id, id, now_ms, target_ms, status, name, created_ms, timers,
                    deletes_after_ms)
values (:account_id, :id, :now_ms, null, 'ready', :name, :created_ms, :timers, :deletes_after_ms);

-- name: get_clock
-- A clock as it is.
select account_id, id, now_ms, target_ms, status, name, created_ms, timers, waits_for_webhooks,
       deadlines_met, deletes_after_ms
  from clocks where account_id = :account_id and id = :id and deleted_ms is null;

-- name: lock_clock
-- Lock a clock in order to move or remove it.
select account_id, id, now_ms, target_ms, status, name, created_ms, timers, waits_for_webhooks,
       deadlines_met, deletes_after_ms
  from clocks where account_id = :account_id and id = :id and deleted_ms is null
   for no key update;

-- name: hold_clock
-- Read a clock that an account is to follow, so that it cannot move before this commits.
select now_ms, status from clocks
 where account_id = :account_id and id = :id and deleted_ms is null for share;

-- name: list_clocks
-- The clocks of a platform, newest first, after a cursor.
select account_id, id, now_ms, target_ms, status, name, created_ms, timers, waits_for_webhooks,
       deadlines_met, deletes_after_ms
  from clocks
 where account_id = :account_id and deleted_ms is null
   and (:cursor::text is null or id < :cursor)
 order by id desc limit :limit;

-- name: list_clocks_backwards
-- The clocks of a platform, oldest first, before a cursor: the page that precedes it.
select account_id, id, now_ms, target_ms, status, name, created_ms, timers, waits_for_webhooks,
       deadlines_met, deletes_after_ms
  from clocks
 where account_id = :account_id and deleted_ms is null and id > :cursor::text
 order by id limit :limit;

-- name: save_clock
-- Write a clock that was locked.
update clocks
   set now_ms = :now_ms, target_ms = :target_ms, status = :status,
       waits_for_webhooks = :waits_for_webhooks, deadlines_met = :deadlines_met,
       deletes_after_ms = :deletes_after_ms
 where account_id = :account_id and id = :id;

-- name: delete_clock
-- Take a clock away; the row stays for the closed accounts whose last instant it holds.
update clocks set deleted_ms = :deleted_ms where account_id = :account_id and id = :id;

-- name: count_on_clock
-- How many open accounts follow a clock.
select count(*) from tenants
 where platform_id = :platform_id and clock_id = :clock_id and closed_ms is null;

-- name: accounts_on_clock
-- The accounts that follow a clock, oldest first.
select account_id from tenants
 where platform_id = :platform_id and clock_id = :clock_id
 order by account_id limit :limit;

-- name: accounts_without_clock
-- A platform and its accounts that follow no clock, in the order in which gates are locked.
select account_id from tenants
 where platform_id = :platform_id and clock_id is null order by account_id;

-- name: put_on_clock
-- Let an account follow a virtual clock of its platform.
update tenants set clock_id = :clock_id where account_id = :account_id;

-- name: stamp_deadlines
-- Write on the deadlines of an account which clock they go by.
update deadlines set clock_id = :clock_id
 where account_id = :account_id and timebase = 'account'
   and clock_id is distinct from :clock_id::text;

-- name: stamp_clock
-- Write on the deadlines of all accounts of a clock that they go by it.
update deadlines set clock_id = :clock_id
  from tenants tenant
 where tenant.platform_id = :platform_id and tenant.clock_id = :clock_id
   and deadlines.account_id = tenant.account_id and deadlines.timebase = 'account'
   and deadlines.clock_id is null;

-- name: timers_of_clock
-- How long rules wait on a clock.
select timers from clocks where account_id = :account_id and id = :id;

-- name: advancing_clocks
-- The clocks that are on their way.
select account_id, id from clocks where status = 'advancing' order by account_id, id limit 100;

-- name: waiting_clocks
-- The clocks that have arrived and wait until receivers of webhooks were told.
select account_id, id from clocks
 where waits_for_webhooks and status = 'ready' order by account_id, id limit 100;

-- name: next_on_clock
-- The earliest deadlines of the accounts that follow a clock, up to an instant.
select account_id, due_ms from deadlines
 where clock_id = :clock_id and due_ms <= :until_ms and not_before_ms <= :machine_ms
 order by due_ms, account_id limit :limit;

-- name: accounts_due
-- Accounts whose deadlines are due by the machine's clock, the longest due first.
select distinct account_id
  from (select account_id from deadlines
         where clock_id is null and due_ms <= :machine_ms and not_before_ms <= :machine_ms
         order by due_ms limit :limit) earliest;

-- name: accounts_due_on_clocks
-- Accounts whose deadlines are due by the virtual clock they follow, while it stands.
select distinct due.account_id
  from clocks clock
  cross join lateral (
       select account_id from deadlines
        where clock_id = clock.id and due_ms <= clock.now_ms and not_before_ms <= :machine_ms
        order by due_ms limit :limit) due
 where clock.status = 'ready' and clock.deleted_ms is null;
