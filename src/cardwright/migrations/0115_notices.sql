-- What the law, or decency, wants an account to be told: one row each. sent_at is when it was; a
-- notice whose deadline passed before is overdue.
create table account_notices (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    platform_id text collate "C" not null,
    created bigint not null,
    reason text collate "C" not null,
    sent boolean not null,
    overdue boolean not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index account_notices_by_creation on account_notices (account_id, created desc, id desc);
create index account_notices_by_platform on account_notices (platform_id, created desc, id desc);
create index account_notices_by_id on account_notices (platform_id, id);

-- Every email to an account, whole. A queued one is sent by the mail loop once due_ms (machine
-- time) has come.
create table account_emails (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    status text not null check (status in ('canceled', 'failed', 'queued', 'sent')),
    notice text collate "C",
    due_ms bigint,
    body jsonb not null,
    primary key (account_id, id)
);
create index account_emails_by_creation on account_emails (account_id, created desc, id desc);
create index account_emails_queued on account_emails (due_ms) where status = 'queued';
create index account_emails_by_notice on account_emails (account_id, notice);

-- A platform's own words for a notice, in the place of ours.
create table notice_templates (
    account_id text collate "C" not null references tenants (account_id),
    reason text collate "C" not null,
    locale text collate "C" not null,
    subject text not null,
    text text not null,
    changed_ms bigint not null,
    primary key (account_id, reason, locale)
);
