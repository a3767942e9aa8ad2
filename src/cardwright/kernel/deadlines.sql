-- name: schedule_deadline
-- Set a deadline; one of the same kind and subject is moved.
insert into deadlines (account_id, kind, subject, due_ms, rank, timebase)
values (:account_id, :kind, :subject, :due_ms, :rank, :timebase)
on conflict (account_id, kind, subject) do update
   set due_ms = excluded.due_ms, rank = excluded.rank, timebase = excluded.timebase,
       attempts = 0, not_before_ms = 0;

-- name: cancel_deadline
-- Remove a deadline that is no longer needed, or is about to be met.
delete from deadlines where account_id = :account_id and kind = :kind and subject = :subject;

-- name: lock_due
-- The account's due deadlines in their order, locked.
select kind, subject, due_ms, timebase, attempts
  from deadlines
 where account_id = :account_id and not_before_ms <= :machine_ms
   and due_ms <= case timebase when 'machine' then :machine_ms::bigint else :account_ms::bigint end
 order by due_ms, rank, kind, subject
 limit :limit for update;

-- name: postpone_deadline
-- Keep a deadline whose handler failed, and leave it alone for a while.
update deadlines set attempts = attempts + 1, not_before_ms = :not_before_ms
 where account_id = :account_id and kind = :kind and subject = :subject;
