-- Files for the bureau that makes physical cards; what is in them is sealed in secrets.
create table bureau_files (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index bureau_files_by_creation on bureau_files (account_id, created desc, id desc);

-- The file that took a card to the bureau: one, and no other.
create table bureau_cards (
    account_id text collate "C" not null,
    card text collate "C" not null,
    platform_id text collate "C" not null,
    file text collate "C" not null,
    primary key (account_id, card),
    foreign key (account_id, card) references cards (account_id, id)
);
create index bureau_cards_of_platform on bureau_cards (platform_id, card);

-- The cards that wait to be made, which few of all cards do.
create index cards_waiting on cards (account_id, created, id)
where type = 'physical' and body -> 'shipping' ->> 'status' = 'pending';
