-- Tokens: what a browser sent with a publishable key, to be used once. The content is sealed in
-- secrets and destroyed with its use.
create table tokens (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    created bigint not null,
    used boolean not null,
    body jsonb not null,
    primary key (account_id, id)
);
create index tokens_by_creation on tokens (account_id, created desc, id desc);
