-- What the search of watchlists found about a cardholder. One row for given values, however often
-- they are given: the digest is that of the values, and nothing of them is kept here. The current
-- row is the one of the values that the cardholder has now.
create table cardholder_screenings (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    platform_id text collate "C" not null,
    created bigint not null,
    account text collate "C" not null,
    cardholder text collate "C" not null,
    digest text collate "C" not null,
    current boolean not null,
    status text not null
        check (status in ('cleared', 'document_requested', 'listed', 'rejected', 'under_review')),
    body jsonb not null,
    primary key (account_id, id),
    unique (account_id, cardholder, digest),
    -- A search begins before its new cardholder is written, with what it says in it.
    foreign key (account_id, cardholder) references cardholders (account_id, id)
        deferrable initially deferred,
    check (account_id = account)
);
create unique index cardholder_screenings_current on cardholder_screenings (account_id, cardholder)
    where current;
create index cardholder_screenings_by_platform
    on cardholder_screenings (platform_id, created desc, id desc);
create index cardholder_screenings_by_id on cardholder_screenings (platform_id, id);
