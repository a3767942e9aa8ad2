-- name: schedule_deadline
-- Set a deadline; one of the same kind and subject is moved. It goes by the clock of its account.
insert into deadlines (account_id, kind, subject, due_ms, rank, timebase, clock_id)
values (:account_id, :kind, :subject, :due_ms, :rank, :timebase,
        case when :timebase = 'account'
             then (select clock_id from tenants where account_id = :account_id) end)
on conflict (account_id, kind, subject) do update
   set due_ms = excluded.due_ms, rank = excluded.rank, timebase = excluded.timebase,
       clock_id = excluded.clock_id, attempts = 0, not_before_ms = 0;

-- name: cancel_deadline
-- Remove a deadline that is no longer needed.
delete from deadlines where account_id = :account_id and kind = :kind and subject = :subject;

-- name: claim_due
-- Take the account's due deadlines, the earliest first; a rollback puts them back.
with due as (
    select kind, subject from deadlines
     where account_id = :account_id and not_before_ms <= :machine_ms
       and due_ms <= case timebase when 'machine' then :machine_ms::bigint
                                   else :account_ms::bigint end
     order by due_ms, rank, kind, subject
     limit :limit for update
)
delete from deadlines using due
 where deadlines.account_id = :account_id and deadlines.kind = due.kind
   and deadlines.subject = due.subject
returning deadlines.account_id, deadlines.due_ms, deadlines.rank, deadlines.kind,
          deadlines.subject, deadlines.timebase, deadlines.clock_id, deadlines.attempts;

-- name: put_back
-- Keep a deadline whose handler failed, and leave it alone for a while.
insert into deadlines (account_id, kind, subject, due_ms, rank, timebase, clock_id, attempts,
                       not_before_ms)
values (:account_id, :kind, :subject, :due_ms, :rank, :timebase, :clock_id, :attempts,
        :not_before_ms)
on conflict (account_id, kind, subject) do nothing;

-- name: upcoming
-- What is to happen to an account, in the order in which it comes.
select account_id, due_ms, rank, kind, subject, timebase, clock_id, attempts, not_before_ms
  from deadlines where account_id = :account_id order by due_ms, rank, kind, subject;

-- name: schedule_unless_set
-- Set a deadline that goes by the clock of its account, unless it is set.
insert into deadlines (account_id, kind, subject, due_ms, rank, timebase)
values (:account_id, :kind, :subject, :due_ms, 0, 'account')
on conflict (account_id, kind, subject) do nothing;
