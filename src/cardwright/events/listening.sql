-- name: be_listening
-- A command line listens, or listens on.
insert into listening_sessions (account_id, id, until_ms, body)
select :account_id, given.id, :until_ms, given.body::jsonb
  from unnest(:ids::text[], :bodies::text[]) as given(id, body)
on conflict (account_id, id) do update set until_ms = excluded.until_ms;

-- name: sessions_of
-- Who listens for several accounts now.
select account_id, id, body from listening_sessions
 where account_id = any(:owners) and until_ms > :now_ms;

-- name: claim_pushes
-- Take what is to be pushed to a session, what has waited longest first, until a lease ends.
update deliveries set due_ms = :lease_until_ms
 where account_id = :account_id and destination_id = :destination_id and state = 'pending'
   and event_id = any(array(
       select event_id from deliveries
        where account_id = :account_id and destination_id = :destination_id
          and state = 'pending' and due_ms <= :now_ms
        order by due_ms, event_id limit :limit
          for no key update skip locked))
returning event_account_id, event_id, attempts;

-- name: give_back_push
-- Let a push that was not received be taken again.
update deliveries set due_ms = :now_ms
 where account_id = :account_id and event_id = :event_id and destination_id = :destination_id
   and state = 'pending';

-- name: record_push
-- What came of a push: its log row, and that nothing more is to be done.
with tried as (
    insert into delivery_attempts (account_id, event_id, destination_id, attempt, started_ms,
                                   duration_ms, status, failure, url, signature, api_version,
                                   pending_webhooks, answer_headers, answer_body)
    values (:account_id, :event_id, :destination_id, :attempt, :started_ms, :duration_ms, :status,
            :failure, :url, :signature, :api_version, :pending_webhooks, :answer_headers,
            :answer_body)
    on conflict do nothing
)
update deliveries set attempts = :attempt, state = :state
 where account_id = :account_id and event_id = :event_id and destination_id = :destination_id
   and state = 'pending';

-- name: forget_lapsed_sessions
-- Forget who stopped listening some time ago, and what was still to be pushed to them.
with gone as (
    delete from listening_sessions using tenants tenant
     where listening_sessions.account_id = tenant.account_id
       and listening_sessions.until_ms < :before_ms
    returning listening_sessions.account_id, listening_sessions.id
)
update deliveries set state = 'canceled'
  from gone
 where deliveries.account_id = gone.account_id and deliveries.destination_id = gone.id
   and deliveries.state = 'pending';
