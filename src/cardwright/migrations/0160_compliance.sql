-- How far issuing is for an account: its application, when cards were switched on, and the warning
-- that they are not used.
create table issuing_records (
    account_id text collate "C" not null references tenants (account_id),
    application text check (application in ('open', 'rejected', 'verified')),
    completed_ms bigint,
    due_ms bigint,
    active_since_ms bigint,
    warned_ms bigint,
    closes_ms bigint,
    requirement text collate "C",
    primary key (account_id)
);

-- That issuing was closed for an account, by a rule or by the operator, and lifted again. What was
-- closed for inactivity may be asked for again.
create table issuing_closures (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    platform_id text collate "C" not null,
    created bigint not null,
    account text collate "C" not null,
    reason text not null check (
        reason in ('business_model', 'inactivity', 'terms_of_service', 'url', 'use_case')
    ),
    status text not null check (status in ('asked_again', 'closed', 'lifted')),
    body jsonb not null,
    primary key (account_id, id),
    check (account_id = account)
);
create index issuing_closures_by_platform
    on issuing_closures (platform_id, created desc, id desc);
create unique index issuing_closures_standing on issuing_closures (account_id)
    where status <> 'lifted';

-- What the watch over card spend found, for a person to look at.
create table compliance_cases (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    platform_id text collate "C" not null,
    created bigint not null,
    account text collate "C" not null,
    kind text not null check (kind in ('cross_border', 'prohibited_business')),
    status text not null check (status in ('acted_on', 'dismissed', 'open')),
    body jsonb not null,
    primary key (account_id, id),
    check (account_id = account)
);
create index compliance_cases_by_platform
    on compliance_cases (platform_id, created desc, id desc);
create index compliance_cases_by_id on compliance_cases (platform_id, id);
create unique index compliance_cases_open on compliance_cases (account_id, kind)
    where status = 'open';

-- Accounts whose cards are switched on already are counted from now: their next look is at once.
insert into issuing_records (account_id, application, active_since_ms)
select account_id, 'verified', max(requested_ms) from account_capabilities
 where requested and status = 'active' and path like 'card\_creator.%'
 group by account_id;
insert into deadlines (account_id, kind, subject, due_ms, rank, clock_id)
select record.account_id, 'issuing_inactivity', record.account_id, 0, -1, tenant.clock_id
  from issuing_records record join tenants tenant on tenant.account_id = record.account_id
 where tenant.closed_ms is null;
