-- name: account_of_notice
-- Whose a notice of a platform is.
select account_id from account_notices where platform_id = :platform_id and id = :id;

-- name: emails_to_send
-- Emails that should be handed over now, looked at without locks; those of accounts whose clock is
-- on its way wait until it stands.
select email.account_id, email.id
  from account_emails email
  join tenants tenant on tenant.account_id = email.account_id
  left join clocks on clocks.account_id = tenant.platform_id and clocks.id = tenant.clock_id
 where email.status = 'queued' and email.due_ms <= :machine_ms
   and clocks.status is distinct from 'advancing'
 order by email.due_ms limit :count;

-- name: queued_of_notice
-- The email of a notice that waits to be sent.
select id from account_emails
 where account_id = :account_id and notice = :notice and status = 'queued';

-- name: get_template
-- A platform's own words for a notice.
select locale, subject, text, changed_ms from notice_templates
 where account_id = :account_id and reason = :reason and locale = :locale;

-- name: list_templates
-- Every notice that a platform has its own words for.
select reason, locale from notice_templates where account_id = :account_id;

-- name: put_template
-- Keep a platform's own words for a notice.
insert into notice_templates (account_id, reason, locale, subject, text, changed_ms)
values (:account_id, :reason, :locale, :subject, :text, :changed_ms)
on conflict (account_id, reason, locale) do update
   set subject = excluded.subject, text = excluded.text, changed_ms = excluded.changed_ms;

-- name: forget_template
-- Use our words for a notice again.
delete from notice_templates
 where account_id = :account_id and reason = :reason and locale = :locale;

-- name: unsent_notices
-- Notices of a platform that are not sent, the most pressing first, with what became of an email.
select notice.account_id, notice.id, notice.reason, notice.created,
       (notice.body ->> 'deadline')::bigint as deadline, notice.overdue,
       email.status as email_status, email.body ->> 'trouble' as email_trouble
  from account_notices notice
  left join lateral (
       select status, body from account_emails email
        where email.account_id = notice.account_id and email.notice = notice.id
        order by email.created desc, email.id desc limit 1) email on true
 where notice.platform_id = :platform_id and not notice.sent
 order by (notice.body ->> 'deadline')::bigint nulls last, notice.id;
