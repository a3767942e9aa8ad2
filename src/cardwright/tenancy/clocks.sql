-- name: advance_clock
-- Send a standing clock towards a later instant.
update clocks set target_ms = :target_ms, status = 'advancing'
 where account_id = :account_id and id = :id and status = 'ready' and now_ms <= :target_ms;

-- name: advancing_clocks
-- The clocks that are on their way.
select account_id, id from clocks where status = 'advancing' order by account_id, id limit 100;

-- name: next_on_clock
-- The earliest deadline of the accounts that follow a clock, up to an instant.
select due.account_id, due.due_ms
  from tenants tenant
  join deadlines due on due.account_id = tenant.account_id
 where tenant.platform_id = :platform_id and tenant.clock_id = :clock_id
   and due.timebase = 'account' and due.due_ms <= :until_ms and due.not_before_ms <= :machine_ms
 order by due.due_ms, due.account_id limit 1;

-- name: accounts_due
-- Accounts with deadlines that are due by the machine's clock.
select distinct due.account_id
  from deadlines due
  join tenants tenant on tenant.account_id = due.account_id
 where due.due_ms <= :machine_ms and due.not_before_ms <= :machine_ms
   and (due.timebase = 'machine' or tenant.clock_id is null)
 limit 200;

-- name: accounts_due_on_clocks
-- Accounts with deadlines that are due by the virtual clock they follow.
select distinct due.account_id
  from tenants tenant
  join clocks clock on clock.account_id = tenant.platform_id and clock.id = tenant.clock_id
  join deadlines due on due.account_id = tenant.account_id
 where tenant.clock_id is not null and clock.status = 'ready' and due.timebase = 'account'
   and due.due_ms <= clock.now_ms and due.not_before_ms <= :machine_ms
 limit 200;
