-- How often the event was sent to the destination again by hand: a try that was under way then ends
-- without ending what was asked for.
alter table deliveries add column sent_again integer not null default 0;
