-- Programs that the operator defines: `terms` are those of them that are not the offering's. One
-- that is closed is attached to no further account and issues no further card.
alter table programs add column terms jsonb;
alter table programs add column closed boolean not null default false;
