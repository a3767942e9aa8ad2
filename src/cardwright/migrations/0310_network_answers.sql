-- The network may go on with an authorization before the platform has answered: that settles the
-- question as well.
alter table authorization_answers drop constraint authorization_answers_source_check;
alter table authorization_answers add constraint authorization_answers_source_check
check (source in ('webhook', 'api', 'deadline', 'network'));
alter table authorization_answers drop constraint authorization_answers_verdict_check;
alter table authorization_answers add constraint authorization_answers_verdict_check
check (verdict in ('approved', 'declined', 'error', 'timeout', 'overtaken'));
