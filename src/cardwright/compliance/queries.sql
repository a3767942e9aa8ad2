-- name: get_record
-- How far issuing is for an account.
select application, completed_ms, due_ms, active_since_ms, warned_ms, closes_ms, requirement
  from issuing_records where account_id = :account_id;

-- name: put_record
-- Keep how far issuing is for an account.
insert into issuing_records (account_id, application, completed_ms, due_ms, active_since_ms,
                             warned_ms, closes_ms, requirement)
values (:account_id, :application, :completed_ms, :due_ms, :active_since_ms, :warned_ms,
        :closes_ms, :requirement)
on conflict (account_id) do update
   set application = excluded.application, completed_ms = excluded.completed_ms,
       due_ms = excluded.due_ms, active_since_ms = excluded.active_since_ms,
       warned_ms = excluded.warned_ms, closes_ms = excluded.closes_ms,
       requirement = excluded.requirement;

-- name: open_case
-- The case of a kind that is open for an account.
select id from compliance_cases
 where account_id = :account_id and kind = :kind and status = 'open';

-- name: last_dismissal
-- When a case of a kind was last dismissed (seconds; 0: never).
select coalesce(max((body ->> 'closed')::bigint), 0) from compliance_cases
 where account_id = :account_id and kind = :kind and status = 'dismissed';

-- name: open_cases
-- Every case that is open for an account.
select id from compliance_cases
 where account_id = :account_id and status = 'open' order by id;

-- name: account_of_case
-- Whose a case of a platform is.
select account_id from compliance_cases where platform_id = :platform_id and id = :id;

-- name: report_applications
-- Applications of a platform that wait to be verified, oldest first, with the account's instant.
select record.account_id, record.completed_ms, record.due_ms,
       coalesce(clocks.now_ms, :machine_ms) as now_ms
  from issuing_records record
  join tenants tenant on tenant.account_id = record.account_id
  left join clocks on clocks.account_id = tenant.platform_id and clocks.id = tenant.clock_id
 where tenant.platform_id = :platform_id and record.application = 'open'
   and tenant.closed_ms is null
 order by record.completed_ms, record.account_id;

-- name: report_inactive
-- Accounts of a platform that were warned that they do not use their cards, the next to be closed
-- first.
select record.account_id, record.warned_ms, record.closes_ms
  from issuing_records record
  join tenants tenant on tenant.account_id = record.account_id
 where tenant.platform_id = :platform_id and record.closes_ms is not null
   and tenant.closed_ms is null
 order by record.closes_ms, record.account_id;

-- name: report_cases
-- Cases of a platform that are open, oldest first.
select account_id, id, kind, created from compliance_cases
 where platform_id = :platform_id and status = 'open' order by created, id;
