-- Files that accounts uploaded, and links by which they are shared. The bytes are blobs on disk.
create table files (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    purpose text not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index files_by_creation on files (account_id, created desc, id desc);

-- Where the bytes of a file are; two files of one content share a blob.
create table file_contents (
    account_id text collate "C" not null,
    file_id text collate "C" not null,
    digest text collate "C" not null check (digest ~ '^[0-9a-f]{64}$'),
    size_bytes bigint not null check (size_bytes > 0),
    primary key (account_id, file_id),
    foreign key (account_id, file_id) references files (account_id, id)
);

create table file_links (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    expires_at bigint,
    file text collate "C" not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, file) references files (account_id, id)
);
create index file_links_by_creation on file_links (account_id, created desc, id desc);
create index file_links_by_file on file_links (account_id, file, created desc, id desc);
