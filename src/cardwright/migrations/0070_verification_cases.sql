-- A failure may ask for a document instead of the value.
alter table account_verifications add column wants_document boolean not null default false;

-- What somebody has to find out: the operator (needs_review) or a vendor (queued until it is
-- posted, then posted until it is answered). One case for given values, however often they are
-- given: the digest is that of the check. Nothing of the values is kept here.
create table account_verification_cases (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    platform_id text collate "C" not null,
    created bigint not null,
    account text collate "C" not null,
    subject text collate "C" not null,
    kind text collate "C" not null,
    digest text collate "C" not null,
    status text not null
        check (status in ('approved', 'document_requested', 'needs_review', 'posted', 'queued',
                          'rejected', 'superseded')),
    -- When a queued case is posted next, in machine time.
    due_ms bigint,
    body jsonb not null,
    primary key (account_id, id),
    unique (account_id, subject, kind, digest),
    check (account_id = account)
);
create index verification_cases_by_platform
    on account_verification_cases (platform_id, created desc, id desc);
create index verification_cases_by_id on account_verification_cases (platform_id, id);
create index verification_cases_to_post
    on account_verification_cases (due_ms) where status = 'queued';

-- Checks that waited before there were cases wait for the operator.
insert into account_verification_cases
       (account_id, id, platform_id, created, account, subject, kind, digest, status, body)
select waiting.account_id,
       'vcase_' || upper(left(md5(waiting.account_id || waiting.subject || waiting.name), 26)),
       tenants.platform_id, waiting.started_ms / 1000, waiting.account_id, waiting.subject,
       waiting.name, waiting.digest, 'needs_review',
       jsonb_build_object('livemode', tenants.livemode, 'provider', 'manual')
  from account_verifications waiting
  join tenants on tenants.account_id = waiting.account_id
 where not waiting.settled and waiting.outcome is null;
