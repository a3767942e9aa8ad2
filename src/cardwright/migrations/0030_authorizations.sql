-- What cards were asked to pay, and what was answered. Written in batches, so it has no foreign
-- keys: the batch has read every row that it refers to, under the account's gate.
create table authorizations (
    account_id text collate "C" not null,
    id text collate "C" not null,
    created bigint not null,
    card text collate "C" not null,
    cardholder text collate "C" not null,
    status text not null check (status in ('pending', 'closed', 'reversed', 'expired')),
    -- What the card network calls the request; null when no network asked.
    network_ref text collate "C",
    -- The card whose totals this spend belongs to: the first of its chain of replacements.
    spend_root text collate "C" not null,
    -- What is still held of it, and what it counts for in spending limits.
    held_minor bigint not null check (held_minor >= 0),
    counted_minor bigint not null check (counted_minor >= 0),
    -- Written for every decision and never looked into: text that is checked, not taken apart.
    body json not null,
    primary key (account_id, id)
);
create unique index authorizations_by_network_ref on authorizations (account_id, network_ref)
where network_ref is not null;
create index authorizations_by_creation on authorizations (account_id, created desc, id desc);
create index authorizations_by_card on authorizations (account_id, card, created desc, id desc);

-- What was spent in a day or a month, by card (its chain of replacements) and by cardholder.
create table spending_counters (
    account_id text collate "C" not null,
    owner text collate "C" not null,
    kind text not null check (kind in ('day', 'month')),
    -- Days since the epoch, or year * 12 + month - 1.
    period integer not null,
    category text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    primary key (account_id, owner, kind, period, category, currency)
) with (fillfactor = 50);

-- Authorizations whose platform is being asked, with what the answer to the caller needs.
create table authorization_questions (
    account_id text collate "C" not null,
    authorization_id text collate "C" not null,
    asked_ms bigint not null,
    -- The idempotency key of the request, and the version its answer is rendered in.
    key text collate "C",
    version text not null,
    primary key (account_id, authorization_id)
);

-- Every answer to a question, also those that came when it was settled.
create table authorization_answers (
    account_id text collate "C" not null,
    authorization_id text collate "C" not null,
    id text collate "C" not null,
    received_ms bigint not null,
    source text not null check (source in ('webhook', 'api', 'deadline')),
    verdict text not null check (verdict in ('approved', 'declined', 'error', 'timeout')),
    late boolean not null,
    message text,
    primary key (account_id, authorization_id, id)
);

-- Decisions write these in batches too, after reading the account's registration under its gate.
alter table idempotency_keys drop constraint idempotency_keys_account_id_fkey;
alter table deadlines drop constraint deadlines_account_id_fkey;
