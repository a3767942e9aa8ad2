-- name: add_request_counts
-- Add to what was counted of a platform.
insert into authorization_request_counts (account_id, minute, outcome, approved, count)
select :account_id, given.minute, given.outcome, given.approved, given.count
  from unnest(:minutes::bigint[], :outcomes::text[], :approved::boolean[], :counts::bigint[])
       as given(minute, outcome, approved, count)
 order by given.minute, given.outcome, given.approved
on conflict (account_id, minute, outcome, approved)
do update set count = authorization_request_counts.count + excluded.count;

-- name: requests_counted
-- What was counted since a minute, by platform.
select account_id, outcome, approved, sum(count)::bigint as count
  from authorization_request_counts where minute >= :minute
 group by account_id, outcome, approved;

-- name: drop_request_counts
-- Remove what no alert looks at any more.
delete from authorization_request_counts using tenants tenant
 where authorization_request_counts.account_id = tenant.account_id and minute < :minute;

-- name: alerts_firing
-- The alerts that are firing.
select account_id, kind, alert_id, started_ms from health_alerts order by account_id, kind;

-- name: fire_alert
-- Begin an alert, unless it is firing already.
insert into health_alerts (account_id, kind, alert_id, started_ms)
values (:account_id, :kind, :alert_id, :started_ms)
on conflict do nothing
returning account_id, kind, alert_id, started_ms;

-- name: resolve_alert
-- End an alert, unless somebody else did.
delete from health_alerts where account_id = :account_id and kind = :kind
returning account_id, kind, alert_id, started_ms;
