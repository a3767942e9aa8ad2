-- name: insert_tenant
-- Register an account under its platform, in one mode.
insert into tenants (account_id, platform_id, livemode, clock_id, closed_ms, created_ms)
values (:account_id, :platform_id, :livemode, :clock_id, null, :created_ms);

-- name: insert_gate
-- The account's gate row, locked by whoever moves its money.
insert into gates (account_id) values (:account_id);

-- name: lock_gate
-- Lock an account's gate; only later statements may read what is decided on.
select account_id from gates where account_id = :account_id for no key update;

-- name: try_gate
-- Lock an account's gate unless somebody else holds it.
select account_id from gates where account_id = :account_id for no key update skip locked;

-- name: get_tenant
-- One account's registration.
select account_id, platform_id, livemode, clock_id, closed_ms
  from tenants where account_id = :account_id;

-- name: find_tenants
-- The registrations of several accounts.
select account_id, platform_id, livemode, clock_id, closed_ms
  from tenants where account_id = any(:account_ids);

-- name: close_tenant
-- Mark the account closed; a closed account takes no more writes.
update tenants set closed_ms = :closed_ms where account_id = :account_id and closed_ms is null;

-- name: share_clock
-- Read a virtual clock so that it cannot move before this transaction commits.
select now_ms, status from clocks where account_id = :account_id and id = :id for share;

-- name: try_share_clock
-- The same of a clock that nobody moves; none when it is moving.
select now_ms, status from clocks
 where account_id = :account_id and id = :id for share skip locked;

-- name: read_clock
-- Read a virtual clock without holding it.
select now_ms from clocks where account_id = :account_id and id = :id;

-- name: insert_key
-- A new API key; only its hash is kept.
insert into api_keys (hash, account_id, kind, last4, created_ms, expires_ms, subject)
values (:hash, :account_id, :kind, :last4, :created_ms, :expires_ms, :subject);

-- name: find_key
-- The key with this hash, with its account's registration and pinned version.
select key.account_id, key.kind, key.expires_ms, tenant.platform_id, tenant.livemode,
       tenant.clock_id, tenant.closed_ms, settings.api_version, key.subject
  from api_keys key
  join tenants tenant on tenant.account_id = key.account_id
  left join platform_settings settings on settings.account_id = tenant.platform_id
 where key.hash = :hash;

-- name: list_keys
-- The lasting keys of an account, newest first, without their secrets.
select kind, last4, created_ms, expires_ms from api_keys
 where account_id = :account_id and kind <> 'ephemeral' order by created_ms desc, hash;

-- name: revoke_key
-- Remove the key that is limited to a subject.
delete from api_keys where account_id = :account_id and subject = :subject;

-- name: purge_keys
-- Remove ephemeral keys that have expired.
delete from api_keys where kind = 'ephemeral' and expires_ms <= :now_ms;

-- name: insert_settings
-- The settings of a new platform.
insert into platform_settings (account_id, api_version, body)
values (:account_id, :api_version, :body);

-- name: list_platforms
-- Every platform of a mode.
select account_id from tenants
 where account_id = platform_id and livemode = :livemode order by account_id;

-- name: save_settings
-- Change the settings of a platform.
update platform_settings set body = :body where account_id = :account_id;

-- name: get_settings
-- The settings of a platform.
select api_version, body from platform_settings where account_id = :account_id;
