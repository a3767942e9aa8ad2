-- name: put_secret
-- Keep a sealed value of an object, over an earlier one of the same name.
insert into secrets (account_id, subject, name, sealed)
values (:account_id, :subject, :name, :sealed)
on conflict (account_id, subject, name) do update set sealed = excluded.sealed;

-- name: get_secret
-- A sealed value of an object.
select sealed from secrets
 where account_id = :account_id and subject = :subject and name = :name;

-- name: delete_secrets
-- Destroy the sealed values of an object that is gone.
delete from secrets where account_id = :account_id and subject = :subject;

-- name: several_secrets
-- Sealed values of several objects of an account.
select secret.subject, secret.name, secret.sealed
  from unnest(:subjects::text[], :names::text[]) as wanted (subject, name)
  join secrets secret
    on secret.account_id = :account_id and secret.subject = wanted.subject
   and secret.name = wanted.name;

-- name: living_secrets
-- The sealed values of an object that are good now, of those whose names begin alike.
select subject, name, sealed from secrets
 where account_id = :account_id and subject = :subject and starts_with(name, :prefix)
   and (expires_ms is null or expires_ms > :now_ms)
 order by name;

-- name: let_secret_expire
-- Let a sealed value of an object end.
update secrets set expires_ms = :expires_ms
 where account_id = :account_id and subject = :subject and name = :name;

-- name: shorten_secrets
-- Let the sealed values of an object that are to end do so no later than at an instant.
update secrets set expires_ms = least(expires_ms, :expires_ms)
 where account_id = :account_id and subject = :subject and expires_ms is not null;

-- name: purge_secrets
-- Destroy sealed values that have ended.
delete from secrets using tenants tenant
 where secrets.account_id = tenant.account_id and secrets.expires_ms <= :now_ms;
