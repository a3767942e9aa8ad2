-- The offerings are data of the programs; which there are is said there alone.
alter table programs drop constraint programs_offering_known;
