-- name: insert_events
-- Write events of one account with the next versions of their objects, and flag them for fan-out.
with versions as (
    insert into object_versions (account_id, object_id, version)
    select :account_id, changed.object_id, changed.count + 1
      from unnest(:changed::text[], :counts::bigint[]) as changed(object_id, count)
    on conflict (account_id, object_id)
    do update set version = object_versions.version + excluded.version - 1
    returning object_id, version
), written as (
    insert into events (account_id, id, type, created_ms, object_id, object_version, snapshot,
                        previous, thin, request_id, idempotency_key)
    select :account_id, given.id, given.type, :created_ms, given.object_id,
           case when given.step = 0 then 1
                else versions.version + given.step - (
                    select changed.count
                      from unnest(:changed::text[], :counts::bigint[]) as changed(object_id, count)
                     where changed.object_id = given.object_id) end,
           given.snapshot, given.previous, given.thin, :request_id, :idempotency_key
      from unnest(:ids::text[], :types::text[], :object_ids::text[], :steps::bigint[],
                  :snapshots::text[], :previous::text[], :thin::text[])
           as given(id, type, object_id, step, snapshot, previous, thin)
      left join versions on versions.object_id = given.object_id
)
insert into events_pending (account_id, event_id)
select :account_id, given.id from unnest(:ids::text[]) as given(id);

-- name: purge_events
-- Remove events made before an id, with their deliveries.
with old_attempts as (
    delete from delivery_attempts using tenants tenant
     where delivery_attempts.account_id = tenant.account_id and event_id < :oldest
), old_deliveries as (
    delete from deliveries using tenants tenant
     where deliveries.account_id = tenant.account_id and event_id < :oldest
), old_flags as (
    delete from events_pending using tenants tenant
     where events_pending.account_id = tenant.account_id and event_id < :oldest
)
delete from events using tenants tenant
 where events.account_id = tenant.account_id and events.id < :oldest;
