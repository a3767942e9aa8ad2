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
