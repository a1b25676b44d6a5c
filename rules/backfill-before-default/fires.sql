CREATE TABLE accounts (id bigint, state text, kind int DEFAULT 1);
-- file: 002.sql
UPDATE accounts SET state = 'new' WHERE state IS NULL;
-- want+1 backfill-before-default@22 "rows that running code inserts into accounts" safe `ALTER TABLE accounts ALTER COLUMN state SET DEFAULT 'new';`
ALTER TABLE accounts ALTER COLUMN state SET DEFAULT 'new';
UPDATE accounts SET kind = 2 WHERE kind = 1;
ALTER TABLE accounts ALTER kind SET DEFAULT 2;               -- want backfill-before-default
-- file: 003.sql
ALTER TABLE unknown ADD COLUMN a int;
UPDATE unknown SET a = 1;
ALTER TABLE unknown ALTER COLUMN a SET DEFAULT 1;            -- want backfill-before-default as warning
-- file: 004.sql
BEGIN;
UPDATE accounts SET state = 'old' WHERE state = 'new';
ALTER TABLE accounts ALTER COLUMN state SET DEFAULT 'old';   -- want backfill-before-default as info
COMMIT;
