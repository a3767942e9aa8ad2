-- name: faults_in_force
-- Every fault that may still strike, the oldest first.
select account_id, id, created, expires_at, count, strikes, body
  from faults
 where expires_at > :now and (count is null or strikes < count)
 order by account_id, id;

-- name: count_faults
-- How many faults of a platform may still strike.
select count(*) from faults
 where account_id = :account_id and expires_at > :now and (count is null or strikes < count);

-- name: strike
-- Let a fault strike once more, unless it is used up; processes side by side share the count.
update faults set strikes = strikes + 1
 where account_id = :account_id and id = :id
   and expires_at > :now and (count is null or strikes < count);

-- name: purge_faults
-- Remove faults that expired before an instant.
delete from faults using tenants tenant
 where faults.account_id = tenant.account_id and faults.expires_at < :before;
