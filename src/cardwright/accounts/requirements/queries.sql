-- name: list_added
-- What the operator asks of an account beyond the catalogue, oldest first.
select id, path, person, restricts, effective_ms, due_ms, created_ms
  from account_added_requirements
 where account_id = :account_id
 order by created_ms, id;

-- name: add_requirement
-- Ask for something more; nothing happens when that is asked for already.
insert into account_added_requirements
       (account_id, id, path, person, restricts, effective_ms, due_ms, created_ms)
values (:account_id, :id, :path, :person, :restricts, :effective_ms, :due_ms, :created_ms)
on conflict do nothing;

-- name: withdraw_requirement
-- Ask for it no longer.
delete from account_added_requirements where account_id = :account_id and id = :id;

-- name: list_crossings
-- The sets of the catalogue that card spend made due, and when.
select rule, crossed_ms from account_crossings where account_id = :account_id;

-- name: standing_closure
-- Why issuing is closed for an account, and whether it asked for cards again since.
select reason, status = 'asked_again' as asked_again from issuing_closures
 where account_id = :account_id and status <> 'lifted';

-- name: ask_again
-- Note that an account closed for inactivity asked for cards again.
update issuing_closures set status = 'asked_again'
 where account_id = :account_id and status = 'closed' and reason = 'inactivity';

-- name: put_crossing
-- Keep when card spend made a set of the catalogue due.
insert into account_crossings (account_id, rule, crossed_ms)
values (:account_id, :rule, :crossed_ms)
on conflict (account_id, rule) do nothing;

-- name: standing_closure_id
-- The closure that holds for an account.
select id from issuing_closures where account_id = :account_id and status <> 'lifted';

-- name: restricted_accounts
-- Accounts of a platform that asked for cards and cannot issue them, and why.
select capability.account_id, capability.path, capability.status,
       capability.status_details::text as details,
       closure.id as closure, closure.reason as closure_reason
  from account_capabilities capability
  join tenants tenant on tenant.account_id = capability.account_id
  left join issuing_closures closure
    on closure.account_id = capability.account_id and closure.status <> 'lifted'
 where tenant.platform_id = :platform_id and tenant.closed_ms is null and capability.requested
   and capability.path like 'card\_creator.%' and capability.status <> 'active'
 order by capability.account_id, capability.path;
