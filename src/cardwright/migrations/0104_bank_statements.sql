-- Bank statements that a platform imported, and their lines. A line is known by what the bank calls
-- it, so that it is imported once, in however many files it comes.
create table bank_statements (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    digest text not null,
    body jsonb not null,
    primary key (account_id, id),
    unique (account_id, digest)
);
create index bank_statements_by_creation on bank_statements (account_id, created desc, id desc);

create table bank_statement_lines (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    statement text collate "C" not null,
    fingerprint text not null,
    status text not null check (
        status in ('unmatched', 'matched', 'booked', 'returning', 'returned')
    ),
    amount bigint not null check (amount <> 0),
    currency text not null,
    booked_on text not null,
    account text collate "C",
    body jsonb not null,
    primary key (account_id, id),
    unique (account_id, fingerprint),
    foreign key (account_id, statement) references bank_statements (account_id, id)
);
create index bank_statement_lines_by_creation
on bank_statement_lines (account_id, created desc, id desc);
create index bank_statement_lines_by_statement
on bank_statement_lines (account_id, statement, created desc, id desc);
create index bank_statement_lines_to_settle
on bank_statement_lines (account_id, status, created desc, id desc)
where status in ('unmatched', 'returning');

-- What happened on a day is found without reading all that ever happened; costs nothing to keep.
create index entries_by_instant on entries using brin (created_ms) with (autosummarize = on);
