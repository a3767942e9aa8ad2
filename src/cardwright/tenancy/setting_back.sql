-- name: hold_clocks
-- Lock the clocks of a platform, so that nobody who follows one writes.
select id from clocks where account_id = :platform_id order by id for update;

-- name: hold_gates
-- Lock the gates of a platform's accounts, ascending, so that no money moves.
select gate.account_id
  from gates gate join tenants tenant on tenant.account_id = gate.account_id
 where tenant.platform_id = :platform_id
 order by gate.account_id for update of gate;

-- name: hold_accounts
-- Lock the registrations of a platform: whoever writes a row of theirs holds a key share of them,
-- so everybody who writes is waited for, and waits.
select account_id from tenants where platform_id = :platform_id order by account_id for update;

-- name: delete_other_clocks
-- Remove the clocks of a platform that it did not have.
delete from clocks where account_id = :account_id and not (id = any(:kept::text[]));

-- name: set_back_platform
-- A platform follows a clock, or none, and is open.
update tenants set clock_id = :clock_id, closed_ms = null where account_id = :account_id;

-- name: set_back_clock
-- A clock stands where it stood at first.
update clocks
   set now_ms = :now_ms, target_ms = null, status = 'ready', waits_for_webhooks = false,
       deadlines_met = 0, deleted_ms = null
 where account_id = :account_id and id = :id;
