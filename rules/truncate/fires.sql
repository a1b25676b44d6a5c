TRUNCATE orders;                                         -- want truncate@10 "truncating orders deletes all its rows"
TRUNCATE TABLE ONLY shop."Orders", customers RESTART IDENTITY;  -- want truncate@21; truncate@36
-- file: 002.sql
CREATE TABLE accounts (id bigint PRIMARY KEY);
CREATE TABLE entries (account bigint REFERENCES accounts);
-- file: 003.sql
TRUNCATE accounts;                                       -- want truncate "fails"
TRUNCATE accounts CASCADE;                               -- want truncate "CASCADE those of entries"
-- file: 004.sql
TRUNCATE accounts, entries;                              -- want truncate "accounts"; truncate "entries"
