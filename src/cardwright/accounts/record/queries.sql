-- name: get_parts
-- What belongs to an account: persons and bank accounts by id, oldest first, and the capabilities
-- that it asked for.
select (select coalesce(array_agg(id order by created, id), '{}')
          from account_persons where account_id = :account_id) as person_ids,
       (select coalesce(array_agg(id order by created, id), '{}')
          from external_accounts where account_id = :account_id) as external_account_ids,
       (select coalesce(json_agg(json_build_object(
                   'path', path, 'requested', requested, 'status', status,
                   'status_details', status_details, 'requested_ms', requested_ms)
                   order by path), '[]')::text
          from account_capabilities where account_id = :account_id and requested) as capabilities;

-- name: put_capabilities
-- Write capabilities of an account.
insert into account_capabilities
       (account_id, path, requested, status, status_details, requested_ms)
select :account_id, given.path, given.requested, given.status, given.status_details::jsonb,
       given.requested_ms
  from unnest(:paths::text[], :requested::boolean[], :statuses::text[], :details::text[],
              :requested_ms::bigint[])
       as given(path, requested, status, status_details, requested_ms)
on conflict (account_id, path) do update
   set requested = excluded.requested, status = excluded.status,
       status_details = excluded.status_details, requested_ms = excluded.requested_ms;

-- name: capability_statuses
-- How an account stands with some of its capabilities.
select path, status from account_capabilities
where account_id = :account_id and path = any(:paths::text[]) and requested;
