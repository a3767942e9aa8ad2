-- Whether the page of a link also lists what will be required later; links there are do not.
alter table account_links
    add column future_requirements text not null default 'omit'
        check (future_requirements in ('include', 'omit'));
