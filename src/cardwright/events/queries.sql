-- name: insert_events
-- Write events of one account with the next versions of their objects, and flag them for fan-out
-- where anybody listens: nothing is delivered that happened before there was a destination.
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
    select :account_id, given.id, given.type, given.created_ms, given.object_id,
           case when given.step = 0 then 1
                else versions.version + given.step - (
                    select changed.count
                      from unnest(:changed::text[], :counts::bigint[]) as changed(object_id, count)
                     where changed.object_id = given.object_id) end,
           given.snapshot, given.previous, given.thin, :request_id, :idempotency_key
      from unnest(:ids::text[], :types::text[], :created_ms::bigint[], :object_ids::text[],
                  :steps::bigint[], :snapshots::text[], :previous::text[], :thin::text[])
           as given(id, type, created_ms, object_id, step, snapshot, previous, thin)
      left join versions on versions.object_id = given.object_id
)
insert into events_pending (account_id, event_id)
select :account_id, given.id
  from unnest(:ids::text[]) as given(id)
 where exists (
           select 1 from webhook_endpoints where account_id in (:account_id, :platform_id)
       )
    or exists (
           select 1 from event_destinations where account_id in (:account_id, :platform_id)
       )
    or exists (
           select 1 from listening_sessions where account_id in (:account_id, :platform_id)
       );

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

-- name: get_event
-- One event of an account.
select account_id, id, type, created_ms, object_version, snapshot, previous, thin, request_id,
       idempotency_key
  from events where account_id = :account_id and id = :id;

-- name: get_event_of_platform
-- One event of a platform or of any account connected to it.
select event.account_id, event.id, event.type, event.created_ms, event.object_version,
       event.snapshot, event.previous, event.thin, event.request_id, event.idempotency_key
  from tenants tenant
  join events event on event.account_id = tenant.account_id and event.id = :id
 where tenant.platform_id = :platform_id;

-- name: events_by_id
-- Several events of one account.
select account_id, id, type, created_ms, object_version, snapshot, previous, thin, request_id,
       idempotency_key
  from events where account_id = :account_id and id = any(:ids);

-- name: list_events
-- Events of an account, newest first, after a cursor.
select account_id, id, type, created_ms, object_version, snapshot, previous, thin, request_id,
       idempotency_key
  from events
 where account_id = :account_id and (:cursor::text is null or id < :cursor)
   and created_ms >= :from_ms and created_ms < :before_ms
   and (:patterns::text[] is null or type like any(:patterns))
   and (:object_id::text is null or object_id = :object_id)
   and not (:v1_only and type like 'v2.%')
   and (:delivered::boolean is null or :delivered = not exists (
           select 1 from deliveries delivery
            where delivery.account_id = any(:owners) and delivery.event_id = events.id
              and delivery.state <> 'succeeded'))
 order by id desc limit :limit;

-- name: list_events_backwards
-- Events of an account, oldest first, before a cursor: the page that precedes it.
select account_id, id, type, created_ms, object_version, snapshot, previous, thin, request_id,
       idempotency_key
  from events
 where account_id = :account_id and id > :cursor::text
   and created_ms >= :from_ms and created_ms < :before_ms
   and (:patterns::text[] is null or type like any(:patterns))
   and (:object_id::text is null or object_id = :object_id)
   and not (:v1_only and type like 'v2.%')
   and (:delivered::boolean is null or :delivered = not exists (
           select 1 from deliveries delivery
            where delivery.account_id = any(:owners) and delivery.event_id = events.id
              and delivery.state <> 'succeeded'))
 order by id limit :limit;

-- name: pending_deliveries
-- How many deliveries of events are still to come.
select event_id, count(*) from deliveries
 where account_id = any(:owners) and event_id = any(:ids) and state = 'pending'
 group by event_id;

-- name: count_endpoints
-- How many v1 endpoints an account has.
select count(*) from webhook_endpoints where account_id = :account_id;

-- name: cancel_deliveries
-- Stop what was still to be delivered to a destination.
update deliveries set state = 'canceled'
 where account_id = :account_id and destination_id = :destination_id and state = 'pending';

-- name: endpoints_of
-- The v1 endpoints of several accounts.
select account_id, id, created, body from webhook_endpoints where account_id = any(:owners);

-- name: destinations_of
-- The v2 destinations of several accounts.
select account_id, id, created, body from event_destinations where account_id = any(:owners);

-- name: try_fan_out
-- One process fans out at a time, until its transaction ends.
select pg_try_advisory_xact_lock(:key);

-- name: events_to_fan_out
-- Flagged events, with what decides who hears of them; found by their keys, however few or many
-- flags the planner believes in.
select flag.account_id, flag.event_id, event.type, event.object_id, tenant.platform_id
  from (select account_id, event_id from events_pending limit :limit) flag
  join lateral (
      select type, object_id from events
       where account_id = flag.account_id and id = flag.event_id
       limit 1
  ) event on true
  join lateral (
      select platform_id from tenants where account_id = flag.account_id limit 1
  ) tenant on true;

-- name: insert_deliveries
-- A delivery for each event and each destination that wants it.
insert into deliveries (account_id, event_id, destination_id, event_account_id, due_ms)
select wanted.account_id, wanted.event_id, wanted.destination_id, wanted.event_account_id, :due_ms
  from unnest(:account_ids::text[], :event_ids::text[], :destination_ids::text[],
              :event_account_ids::text[])
       as wanted(account_id, event_id, destination_id, event_account_id)
on conflict do nothing;

-- name: lower_flags
-- Take the flags off events that were fanned out.
delete from events_pending flag
 using unnest(:account_ids::text[], :event_ids::text[]) as done(account_id, event_id)
 where flag.account_id = done.account_id and flag.event_id = done.event_id;

-- name: destinations_due
-- Destinations with deliveries that may be taken.
select destination.account_id, destination.id
  from (select account_id, id from webhook_endpoints
        union all
        select account_id, id from event_destinations) destination
 where exists (
       select 1 from deliveries delivery
        where delivery.account_id = destination.account_id
          and delivery.destination_id = destination.id
          and delivery.state = 'pending' and delivery.due_ms <= :now_ms);

-- name: undelivered_on_clock
-- Whether an event of the accounts on a clock was not yet sent to somebody who wants it; a try that
-- failed counts as sent.
select exists (
           select from tenants tenant
             join events_pending flag on flag.account_id = tenant.account_id
            where tenant.platform_id = :platform_id and tenant.clock_id = :clock_id)
    or exists (
           select from tenants tenant
             join deliveries delivery
               on delivery.account_id in (tenant.account_id, tenant.platform_id)
              and delivery.event_account_id = tenant.account_id
            where tenant.platform_id = :platform_id and tenant.clock_id = :clock_id
              and delivery.state = 'pending' and delivery.attempts = 0);

-- name: claim_deliveries
-- Take the deliveries of a destination that have waited longest, until a lease ends. They are
-- chosen in an array, which is computed once however the update is planned.
update deliveries set due_ms = :lease_until_ms, taken_by = :taken_by
 where account_id = :account_id and destination_id = :destination_id and state = 'pending'
   and event_id = any(array(
       select event_id from deliveries
        where account_id = :account_id and destination_id = :destination_id
          and state = 'pending' and due_ms <= :now_ms
        order by due_ms, event_id limit :limit
          for no key update skip locked))
returning event_account_id, event_id, attempts, counted_from, sent_again;

-- name: record_attempt
-- What came of a try: its log row, what the delivery waits for now, and since when its destination
-- fails. Whoever lost the lease changes nothing, unless the receiver has accepted; an event that was
-- sent again meanwhile stays to be delivered, and this try counts as one before that.
with tried as (
    insert into delivery_attempts (account_id, event_id, destination_id, attempt, started_ms,
                                   duration_ms, status, failure, next_try_ms, url, signature,
                                   api_version, pending_webhooks, answer_headers, answer_body)
    values (:account_id, :event_id, :destination_id, :attempt, :started_ms, :duration_ms,
            :status, :failure, :next_try_ms, :url, :signature, :api_version, :pending_webhooks,
            :answer_headers, :answer_body)
    on conflict do nothing
), recovered as (
    delete from failing_destinations
     where account_id = :account_id and destination_id = :destination_id and :state = 'succeeded'
), failing as (
    insert into failing_destinations (account_id, destination_id, since_ms, latest_ms)
    select :account_id, :destination_id, :started_ms, :started_ms where :state <> 'succeeded'
    on conflict (account_id, destination_id)
    do update set latest_ms = greatest(failing_destinations.latest_ms, excluded.latest_ms)
)
update deliveries
   set attempts = greatest(attempts, :attempt),
       state = case when sent_again = :sent_again then :state else state end,
       due_ms = case when sent_again = :sent_again then coalesce(:next_try_ms, due_ms)
                     else due_ms end,
       taken_by = case when sent_again = :sent_again then null else taken_by end,
       counted_from = case when sent_again = :sent_again then counted_from
                           else greatest(counted_from, :attempt) end
 where account_id = :account_id and event_id = :event_id and destination_id = :destination_id
   and state = 'pending'
   and (due_ms = :lease_until_ms or :state = 'succeeded' or sent_again <> :sent_again);

-- name: be_present
-- Show that this process lives: the lock ends with its connection.
select pg_advisory_lock(:kind, :number);

-- name: be_absent
-- Show it no longer.
select pg_advisory_unlock(:kind, :number);

-- name: release_of_the_gone
-- Let deliveries be taken again that were taken by a process that is gone.
with gone as (
    select taker.taken_by
      from (select distinct taken_by from deliveries
             where state = 'pending' and taken_by is not null) taker
     where pg_try_advisory_xact_lock(:kind, taker.taken_by)
)
update deliveries set due_ms = :now_ms, taken_by = null
  from gone
 where deliveries.taken_by = gone.taken_by and deliveries.state = 'pending';

-- name: send_again
-- Let an event be delivered to a destination once more, now, with the whole schedule ahead.
insert into deliveries (account_id, event_id, destination_id, event_account_id, due_ms)
values (:account_id, :event_id, :destination_id, :event_account_id, :due_ms)
on conflict (account_id, event_id, destination_id)
do update set state = 'pending', due_ms = excluded.due_ms, taken_by = null,
              counted_from = deliveries.attempts, sent_again = deliveries.sent_again + 1;

-- name: deliveries_of
-- What an event's deliveries to the owners' destinations wait for.
select destination_id, state, attempts, due_ms, taken_by is not null as is_trying
  from deliveries
 where account_id = any(:owners) and event_id = :event_id
 order by destination_id;

-- name: attempts_of
-- The tries of an event's deliveries to the owners' destinations, oldest first.
select account_id, destination_id, attempt, started_ms, duration_ms, status, failure, next_try_ms,
       url, signature, api_version, pending_webhooks, answer_headers, answer_body
  from delivery_attempts
 where account_id = any(:owners) and event_id = :event_id
 order by started_ms, destination_id, attempt
 limit :limit;

-- name: destinations_to_notice
-- Destinations that have failed for a while and whose owner was not told.
select account_id, destination_id, since_ms, latest_ms, noticed_ms, disabled_ms
  from failing_destinations
 where latest_ms - since_ms >= :after_ms and noticed_ms is null and disabled_ms is null
 limit :limit;

-- name: destinations_to_disable
-- Destinations that have failed for too long.
select account_id, destination_id, since_ms, latest_ms, noticed_ms, disabled_ms
  from failing_destinations
 where latest_ms - since_ms >= :after_ms and noticed_ms is not null and disabled_ms is null
 limit :limit;

-- name: failing_of
-- The failing destinations of an account.
select account_id, destination_id, since_ms, latest_ms, noticed_ms, disabled_ms
  from failing_destinations where account_id = :account_id order by since_ms, destination_id;

-- name: note_notice
-- The owner is told of a failing destination; whoever comes second changes nothing.
update failing_destinations set noticed_ms = :now_ms
 where account_id = :account_id and destination_id = :destination_id and noticed_ms is null
returning destination_id;

-- name: note_disabling
-- A failing destination is disabled.
update failing_destinations set disabled_ms = :now_ms
 where account_id = :account_id and destination_id = :destination_id and disabled_ms is null
returning destination_id;

-- name: forget_failing
-- A destination is enabled again or gone: its failures count no longer.
delete from failing_destinations
 where account_id = :account_id and destination_id = :destination_id;

-- name: destination_naming
-- The oldest destination of an account that names an event; '*' does not.
(select id, body ->> 'url' as url, body ->> 'api_version' as api_version
   from webhook_endpoints
  where account_id = :account_id
    and body -> 'enabled_events' ? :name
    and not coalesce((body -> 'disabled')::boolean, false)
  order by created, id limit 1)
  union all
(select id, body -> 'webhook_endpoint' ->> 'url', body ->> 'snapshot_api_version'
   from event_destinations
  where account_id = :account_id
    and body -> 'enabled_events' ? :name
    and body ->> 'event_payload' = 'snapshot'
    and coalesce(body ->> 'status', 'enabled') = 'enabled'
  order by created, id limit 1)
limit 1;
