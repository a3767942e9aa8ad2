-- Keys that a browser shows one card with: what such a key is limited to is its subject.
alter table api_keys drop constraint api_keys_kind_check;
alter table api_keys add constraint api_keys_kind_check
    check (kind in ('secret', 'publishable', 'ephemeral'));
alter table api_keys add column subject text collate "C";
create index api_keys_by_expiry on api_keys (expires_ms) where expires_ms is not null;

create table ephemeral_keys (
    account_id text collate "C" not null references tenants (account_id),
    id text collate "C" not null,
    card text collate "C" not null,
    created bigint not null,
    expires bigint not null,
    body jsonb not null,
    primary key (account_id, id),
    foreign key (account_id, card) references cards (account_id, id)
);
create index ephemeral_keys_by_expiry on ephemeral_keys (expires);

-- Nonces that no key was made with yet: a browser keeps the private half, of which a digest is here.
create table ephemeral_key_nonces (
    account_id text collate "C" not null references tenants (account_id),
    public_nonce text collate "C" not null,
    private_digest text collate "C" not null,
    expires_ms bigint not null,
    primary key (account_id, public_nonce)
);
create index ephemeral_key_nonces_by_expiry on ephemeral_key_nonces (expires_ms);
