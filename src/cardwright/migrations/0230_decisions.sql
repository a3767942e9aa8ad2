-- What each decision on an authorization looked at, as a list of facts: written with the decision
-- and never changed, so that an explanation stays true when cards and limits change. Null for what
-- was decided before there were any.
alter table authorizations add column decisions json;

-- Where and when the platform was asked, and what came back over HTTP.
alter table authorization_answers add column asked_ms bigint;
alter table authorization_answers add column endpoint text;
alter table authorization_answers add column http_status integer;
alter table authorization_answers add column amount_minor bigint;
-- The transfer that gave the reservation back.
alter table authorization_answers add column transfer_id text collate "C";

-- Whether the question is about more on an authorization that was approved before, and where it
-- was asked.
alter table authorization_questions add column additional boolean not null default false;
alter table authorization_questions add column endpoint text;

-- Challenges by text message: what a cardholder is asked to confirm, one for an authorization.
create table fraud_challenges (
    account_id text collate "C" not null,
    authorization_id text collate "C" not null,
    card text collate "C" not null,
    -- The merchant's id in the network, which the network chooses.
    merchant text not null,
    currency text not null,
    amount_minor bigint not null,
    status text not null
        check (status in ('pending', 'verified', 'rejected', 'expired', 'undeliverable')),
    created_ms bigint not null,
    -- The account's time at which the cardholder confirmed.
    verified_ms bigint,
    primary key (account_id, authorization_id)
);
create index fraud_challenges_verified on fraud_challenges (account_id, card)
where status = 'verified';

-- The destinations that ask to be asked, hardly any: a decision looks for them.
create index webhook_endpoints_real_time on webhook_endpoints (account_id, created, id)
where body -> 'enabled_events' ? 'issuing_authorization.request';
create index event_destinations_real_time on event_destinations (account_id, created, id)
where body -> 'enabled_events' ? 'issuing_authorization.request';
