-- What the operator asks of one account beyond the catalogue: a future requirement before
-- effective_ms, currently due until due_ms, and missed from then on.
create table account_added_requirements (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    path text not null,
    person text collate "C",
    restricts text[] not null check (cardinality(restricts) > 0),
    effective_ms bigint not null,
    due_ms bigint not null,
    created_ms bigint not null,
    primary key (account_id, id),
    unique nulls not distinct (account_id, path, person),
    check (due_ms >= effective_ms)
);

-- When the card spend of an account made a set of the catalogue due, by the name of the set.
create table account_crossings (
    account_id text collate "C" not null references tenants (account_id),
    rule text collate "C" not null,
    crossed_ms bigint not null,
    primary key (account_id, rule)
);

-- Who wants to know when a balance reaches an amount: a deadline of this kind is set then.
create table ledger_watches (
    account_id text collate "C" not null references tenants (account_id),
    book text collate "C" not null,
    currency text collate "C" not null,
    kind text collate "C" not null,
    threshold_minor bigint not null check (threshold_minor >= 0),
    primary key (account_id, book, currency, kind)
);
