-- The credit that platforms give to their connected accounts, and what is owed for it.
create table credit_policies (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    credit_limit_currency text collate "C" not null,
    status text not null check (status in ('active', 'inactive')),
    -- Programs that spend on credit although they are not charge cards.
    programs text [] not null,
    body jsonb not null,
    primary key (account_id, id),
    unique (account_id, credit_limit_currency)
);
create index credit_policies_by_creation on credit_policies (account_id, created desc, id desc);

-- What was spent on credit within one period. What remains of it is the account's debt.
create table funding_obligations (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    currency text collate "C" not null,
    status text not null check (status in ('pending', 'unpaid', 'past_due', 'paid')),
    credit_period_ends_at bigint not null,
    body jsonb not null,
    primary key (account_id, id),
    unique (account_id, currency, credit_period_ends_at)
);
create index funding_obligations_by_creation
on funding_obligations (account_id, created desc, id desc);
create index funding_obligations_by_period
on funding_obligations (account_id, currency, credit_period_ends_at desc);

-- A platform's own record of the accounts that would get more credit if it had more money.
create table credit_shortages (
    account_id text collate "C" not null references tenants (account_id),
    grantee_id text collate "C" not null,
    currency text collate "C" not null,
    short_minor bigint not null check (short_minor > 0),
    primary key (account_id, currency, grantee_id)
);
