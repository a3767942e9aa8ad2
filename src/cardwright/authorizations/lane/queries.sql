-- name: load_attempts
-- Everything that is decided on, a row for each request in order; what is missing is null.
select card.id as card_id, card.created as card_created, card.cardholder as card_cardholder,
       card.status as card_status, card.type as card_type, card.currency as card_currency,
       card.last4 as card_last4, card.exp_month as card_exp_month, card.exp_year as card_exp_year,
       card.program as card_program, card.personalization_design as card_personalization_design,
       card.replacement_for as card_replacement_for,
       card.financial_account as card_financial_account, card.spend_root as card_spend_root,
       card.body as card_body,
       holder.id as holder_id, holder.created as holder_created, holder.email as holder_email,
       holder.phone_number as holder_phone_number, holder.status as holder_status,
       holder.type as holder_type, holder.body as holder_body,
       spends.book, balance.available_minor, balance.held_minor,
       tenant.closed_ms, tenant.clock_id, settings.body as settings,
       asking.id as destination, asking.url as destination_url,
       asking.api_version as destination_version,
       program.id is not null
           and (program.platform_program is null or capability.status is not distinct from 'active')
           as enabled,
       exists (
           select from fraud_challenges
            where account_id = asked.account_id and card = asked.card and status = 'verified'
       ) as confirmed,
       (select id from authorizations
         where account_id = asked.account_id and network_ref = asked.network_ref) as replay,
       answered.fingerprint, answered.status as answer_status, answered.answer,
       answered.created_ms as answered_ms
  from unnest(
           string_to_array(:account_ids, E'\x1f', E'\x1e'),
           string_to_array(:cards, E'\x1f', E'\x1e'),
           string_to_array(:network_refs, E'\x1f', E'\x1e'),
           string_to_array(:keys, E'\x1f', E'\x1e')
       ) with ordinality asked (account_id, card, network_ref, key, n)
  join tenants tenant on tenant.account_id = asked.account_id
  left join platform_settings settings on settings.account_id = tenant.platform_id
  left join lateral (
      -- The oldest of the platform's destinations that name the question; '*' does not.
      (select id, body ->> 'url' as url, body ->> 'api_version' as api_version
         from webhook_endpoints
        where account_id = tenant.platform_id
          and body -> 'enabled_events' ? 'issuing_authorization.request'
          and not coalesce((body -> 'disabled')::boolean, false)
        order by created, id limit 1)
        union all
      (select id, body -> 'webhook_endpoint' ->> 'url', body ->> 'snapshot_api_version'
         from event_destinations
        where account_id = tenant.platform_id
          and body -> 'enabled_events' ? 'issuing_authorization.request'
          and body ->> 'event_payload' = 'snapshot'
          and coalesce(body ->> 'status', 'enabled') = 'enabled'
        order by created, id limit 1)
       limit 1
  ) asking on true
  left join cards card on card.account_id = asked.account_id and card.id = asked.card
  left join cardholders holder
    on holder.account_id = asked.account_id and holder.id = card.cardholder
  left join lateral (
      select id, platform_program, offering from programs
       where account_id = asked.account_id and id = card.program limit 1
  ) program on true
  cross join lateral (
      -- The limit keeps the planner from working it out twice.
      select coalesce(
                 card.financial_account,
                 (select 'credit' from credit_policies
                   where account_id = asked.account_id and credit_limit_currency = card.currency
                     and status = 'active'
                     and (
                         program.offering
                             = any(string_to_array(:credit_offerings, E'\x1f', E'\x1e'))
                         or program.id = any(programs)
                     )),
                 'issuing'
             ) as book
       limit 1
  ) spends
  left join lateral (
      select available_minor, held_minor from balances
       where account_id = asked.account_id and book = spends.book and currency = card.currency
         -- A financial account that is closed, or that its platform has restricted, has nothing.
         and (
             card.financial_account is null
             or (
                 select spendable from financial_accounts
                  where account_id = asked.account_id and id = card.financial_account
             )
         )
       limit 1
  ) balance on true
  left join lateral (
      select status from account_capabilities
       where account_id = asked.account_id
         and path = (
             select capability
               from unnest(
                        string_to_array(:offerings, E'\x1f', E'\x1e'),
                        string_to_array(:capabilities, E'\x1f', E'\x1e')
                    ) offering (name, capability)
              where name = program.offering
         )
       limit 1
  ) capability on true
  left join lateral (
      select fingerprint, status, answer, created_ms from idempotency_keys
       where account_id = asked.account_id and api = 'v1' and key = asked.key limit 1
  ) answered on true
 order by asked.n;

-- name: load_totals
-- What was spent so far, a row for each tally in order.
select (
           select coalesce(
                      sum(
                          case when spent.month = asked.month and asked.day > 1
                              then (
                                  select coalesce(sum(amount_minor), 0)
                                    from unnest(spent.days[asked.day:]) amount_minor
                              )
                              else spent.amount_minor
                          end
                      ),
                      0
                  )::bigint
             from spending_totals spent
            where spent.account_id = asked.account_id
              and spent.owner = asked.owner
              and spent.month >= asked.month
              and spent.currency = asked.currency
              and spent.category = any(string_to_array(coalesce(asked.categories, '*'), ','))
       ) as total
  from unnest(
           string_to_array(:account_ids, E'\x1f', E'\x1e'),
           string_to_array(:owners, E'\x1f', E'\x1e'),
           string_to_array(:months, E'\x1f', E'\x1e')::integer[],
           string_to_array(:days, E'\x1f', E'\x1e')::integer[],
           string_to_array(:currencies, E'\x1f', E'\x1e'),
           string_to_array(:categories, E'\x1f', E'\x1e')
       ) with ordinality asked (account_id, owner, month, day, currency, categories, n)
 order by asked.n;

-- name: write_decisions
-- A batch of decisions: authorizations, balances, entries, counters, deadlines, answers.
with made as (
    insert into authorizations
        (account_id, id, created, card, cardholder, status, network_ref, spend_root, book,
         held_minor, counted_minor, body, decisions)
    select account_id, id, created, card, cardholder, status, network_ref, spend_root, book,
           held_minor, held_minor, body, decisions
      from unnest(
               string_to_array(:made_accounts, E'\x1f', E'\x1e'),
               string_to_array(:made_ids, E'\x1f', E'\x1e'),
               string_to_array(:made_created, E'\x1f', E'\x1e')::bigint[],
               string_to_array(:made_cards, E'\x1f', E'\x1e'),
               string_to_array(:made_cardholders, E'\x1f', E'\x1e'),
               string_to_array(:made_statuses, E'\x1f', E'\x1e'),
               string_to_array(:made_refs, E'\x1f', E'\x1e'),
               string_to_array(:made_roots, E'\x1f', E'\x1e'),
               string_to_array(:made_books, E'\x1f', E'\x1e'),
               string_to_array(:made_held, E'\x1f', E'\x1e')::bigint[],
               string_to_array(:made_bodies, E'\x1f', E'\x1e')::json[],
               string_to_array(:made_decisions, E'\x1f', E'\x1e')::json[]
           ) made (account_id, id, created, card, cardholder, status, network_ref, spend_root,
                   book, held_minor, body, decisions)
),
moved as (
    -- The row is there, for something was approved on it; this finds it by its key.
    insert into balances (account_id, book, currency, available_minor, held_minor)
    select account_id, book, currency, available_minor, held_minor
      from unnest(
               string_to_array(:moved_accounts, E'\x1f', E'\x1e'),
               string_to_array(:moved_books, E'\x1f', E'\x1e'),
               string_to_array(:moved_currencies, E'\x1f', E'\x1e'),
               string_to_array(:moved_available, E'\x1f', E'\x1e')::bigint[],
               string_to_array(:moved_held, E'\x1f', E'\x1e')::bigint[]
           ) moved (account_id, book, currency, available_minor, held_minor)
    on conflict (account_id, book, currency)
    do update set available_minor = excluded.available_minor, held_minor = excluded.held_minor
),
lines as (
    insert into entries
        (account_id, transfer_id, line, book, part, currency, amount_minor, reason, source_id,
         created_ms)
    select account_id, transfer_id, line, book, part, currency, amount_minor, reason,
           source_id, created_ms
      from unnest(
               string_to_array(:line_accounts, E'\x1f', E'\x1e'),
               string_to_array(:line_transfers, E'\x1f', E'\x1e'),
               string_to_array(:line_numbers, E'\x1f', E'\x1e')::smallint[],
               string_to_array(:line_books, E'\x1f', E'\x1e'),
               string_to_array(:line_parts, E'\x1f', E'\x1e'),
               string_to_array(:line_currencies, E'\x1f', E'\x1e'),
               string_to_array(:line_amounts, E'\x1f', E'\x1e')::bigint[],
               string_to_array(:line_reasons, E'\x1f', E'\x1e'),
               string_to_array(:line_sources, E'\x1f', E'\x1e'),
               string_to_array(:line_created, E'\x1f', E'\x1e')::bigint[]
           ) lines (account_id, transfer_id, line, book, part, currency, amount_minor, reason,
                    source_id, created_ms)
),
counted as (
    insert into spending_totals as counter
        (account_id, owner, category, month, currency, day, amount_minor, days)
    select account_id, owner, category, month, currency, day, amount_minor,
           array_fill(amount_minor, array[1], array[day])
      from unnest(
               string_to_array(:counted_accounts, E'\x1f', E'\x1e'),
               string_to_array(:counted_owners, E'\x1f', E'\x1e'),
               string_to_array(:counted_categories, E'\x1f', E'\x1e'),
               string_to_array(:counted_months, E'\x1f', E'\x1e')::integer[],
               string_to_array(:counted_currencies, E'\x1f', E'\x1e'),
               string_to_array(:counted_days, E'\x1f', E'\x1e')::integer[],
               string_to_array(:counted_amounts, E'\x1f', E'\x1e')::bigint[]
           ) counted (account_id, owner, category, month, currency, day, amount_minor)
    on conflict (account_id, owner, category, month, currency)
    do update set amount_minor = counter.amount_minor + excluded.amount_minor,
                  day = excluded.day,
                  days[excluded.day]
                      = coalesce(counter.days[excluded.day], 0) + excluded.amount_minor
),
due as (
    insert into deadlines (account_id, kind, subject, due_ms, rank, timebase)
    select account_id, kind, subject, due_ms, 0, timebase
      from unnest(
               string_to_array(:due_accounts, E'\x1f', E'\x1e'),
               string_to_array(:due_kinds, E'\x1f', E'\x1e'),
               string_to_array(:due_subjects, E'\x1f', E'\x1e'),
               string_to_array(:due_instants, E'\x1f', E'\x1e')::bigint[],
               string_to_array(:due_timebases, E'\x1f', E'\x1e')
           ) due (account_id, kind, subject, due_ms, timebase)
    on conflict (account_id, kind, subject) do nothing
),
event as (
    insert into events
        (account_id, id, type, created_ms, object_id, object_version, snapshot, previous, thin,
         request_id, idempotency_key)
    select account_id, id, type, created_ms, object_id, 1, snapshot, null, null, request_id, key
      from unnest(
               string_to_array(:event_accounts, E'\x1f', E'\x1e'),
               string_to_array(:event_ids, E'\x1f', E'\x1e'),
               string_to_array(:event_types, E'\x1f', E'\x1e'),
               string_to_array(:event_created, E'\x1f', E'\x1e')::bigint[],
               string_to_array(:event_objects, E'\x1f', E'\x1e'),
               string_to_array(:event_snapshots, E'\x1f', E'\x1e'),
               string_to_array(:event_requests, E'\x1f', E'\x1e'),
               string_to_array(:event_keys, E'\x1f', E'\x1e')
           ) event (account_id, id, type, created_ms, object_id, snapshot, request_id, key)
),
listening as materialized (
    select account_id from webhook_endpoints
     where account_id = any(string_to_array(:listeners, E'\x1f', E'\x1e'))
     union all
    select account_id from event_destinations
     where account_id = any(string_to_array(:listeners, E'\x1f', E'\x1e'))
     union all
    select account_id from listening_sessions
     where account_id = any(string_to_array(:listeners, E'\x1f', E'\x1e'))
),
pending as (
    -- Flagged for fan-out where anybody listens.
    insert into events_pending (account_id, event_id)
    select account_id, id
      from unnest(
               string_to_array(:event_accounts, E'\x1f', E'\x1e'),
               string_to_array(:event_ids, E'\x1f', E'\x1e'),
               string_to_array(:event_platforms, E'\x1f', E'\x1e')
           ) pending (account_id, id, platform_id)
     where account_id in (select account_id from listening)
        or platform_id in (select account_id from listening)
),
answered as (
    -- An answer that another request has under the key is left alone for its twenty-four hours.
    insert into idempotency_keys as kept
        (account_id, api, key, fingerprint, status, answer, created_ms)
    select account_id, 'v1', key, fingerprint, status, answer, created_ms
      from unnest(
               string_to_array(:answered_accounts, E'\x1f', E'\x1e'),
               string_to_array(:answered_keys, E'\x1f', E'\x1e'),
               string_to_array(:answered_fingerprints, E'\x1f', E'\x1e'),
               string_to_array(:answered_statuses, E'\x1f', E'\x1e')::integer[],
               :answered_answers::bytea[],
               string_to_array(:answered_created, E'\x1f', E'\x1e')::bigint[]
           ) answered (account_id, key, fingerprint, status, answer, created_ms)
    on conflict (account_id, api, key) do update
       set fingerprint = excluded.fingerprint, status = excluded.status,
           answer = excluded.answer, created_ms = excluded.created_ms
     where kept.created_ms < excluded.created_ms - 86400000
)
select true;

-- name: committed_authorizations
-- Which of these authorizations are there already: their commit was not confirmed to us.
select authorization_row.id
  from unnest(
           string_to_array(:account_ids, E'\x1f', E'\x1e'),
           string_to_array(:ids, E'\x1f', E'\x1e')
       ) asked (account_id, id)
  join authorizations authorization_row
    on authorization_row.account_id = asked.account_id and authorization_row.id = asked.id;

-- name: lane_planning
-- Look rows up by their keys, whatever the statistics say of tables that grow.
select set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false),
       set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false),
       set_config('enable_material', 'off', false), set_config('enable_sort', 'off', false),
       set_config('plan_cache_mode', 'force_generic_plan', false);

-- name: lane_patience
-- Wait for a gate one second at most.
select set_config('lock_timeout', '1000', true);

-- name: reset_session
-- Leave the connection as it was.
reset all;

-- name: write_questions
-- The questions of a batch.
insert into authorization_questions
    (account_id, authorization_id, asked_ms, key, version, endpoint)
select account_id, authorization_id, asked_ms, key, version, endpoint
  from unnest(
           string_to_array(:asked_accounts, E'\x1f', E'\x1e'),
           string_to_array(:asked_authorizations, E'\x1f', E'\x1e'),
           string_to_array(:asked_instants, E'\x1f', E'\x1e')::bigint[],
           string_to_array(:asked_keys, E'\x1f', E'\x1e'),
           string_to_array(:asked_versions, E'\x1f', E'\x1e'),
           string_to_array(:asked_endpoints, E'\x1f', E'\x1e')
       ) asked (account_id, authorization_id, asked_ms, key, version, endpoint);

-- name: insert_challenge
-- What a cardholder is asked to confirm.
insert into fraud_challenges
    (account_id, authorization_id, card, merchant, currency, amount_minor, status, created_ms)
values
    (:account_id, :authorization_id, :card, :merchant, :currency, :amount_minor, :status,
     :created_ms);

-- name: count_payments
-- How many payments were authorized with each card, in order; with ``asked_too`` those that the
-- platform is still asked about as well.
select (
           select count(*) from authorizations made
            where made.account_id = asked.account_id and made.card = asked.card
              and (
                  (made.body ->> 'approved')::boolean
                      and (made.body #>> '{request_history,0,amount}')::bigint > 0
                  or :asked_too and (made.body #>> '{pending_request,amount}')::bigint > 0
              )
       ) as payments
  from unnest(
           string_to_array(:account_ids, E'\x1f', E'\x1e'),
           string_to_array(:cards, E'\x1f', E'\x1e')
       ) with ordinality asked (account_id, card, n)
 order by asked.n;
