-- Links to the hosted pages. The token is in the link alone; only its hash is kept here.
create table account_links (
    account_id text collate "C" not null references tenants (account_id),
    token_hash text collate "C" not null,
    api text not null check (api in ('v1', 'v2')),
    use_case text not null check (
        use_case in (
            'account_onboarding', 'account_update', 'recipient_onboarding', 'recipient_update'
        )
    ),
    -- The least urgent requirements the page lists.
    fields text not null check (fields in ('currently_due', 'eventually_due')),
    configurations text[] not null,
    refresh_url text not null,
    return_url text,
    created_ms bigint not null,
    expires_ms bigint not null,
    -- The first opening exchanges the token for a session of one browser.
    session_hash text collate "C",
    session_expires_ms bigint,
    returned_ms bigint,
    -- The use case as v2 gave it, to be repeated to the caller.
    body jsonb not null,
    primary key (account_id, token_hash)
);
