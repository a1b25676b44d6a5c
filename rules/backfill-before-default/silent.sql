CREATE TABLE accounts (id bigint, state text, kind int DEFAULT 1);
UPDATE accounts SET state = 'new';
ALTER TABLE accounts ALTER COLUMN state SET DEFAULT 'new';
-- file: 002.sql
ALTER TABLE accounts ALTER COLUMN state SET DEFAULT 'old';
UPDATE accounts SET state = 'old' WHERE state = 'new';
-- file: 003.sql
BEGIN;
ALTER TABLE accounts ADD COLUMN a int;
UPDATE accounts SET a = 1;
ALTER TABLE accounts ALTER COLUMN a SET DEFAULT 1;
COMMIT;
-- file: 004.sql
UPDATE accounts SET a = 2 WHERE a = 1;
ALTER TABLE accounts ALTER COLUMN a SET DEFAULT 2;
UPDATE accounts SET a = 2 WHERE a = 1;
-- One row, and another column.
UPDATE accounts SET kind = 3 WHERE id = 1;
UPDATE accounts SET state = 'x' WHERE state = 'y';
ALTER TABLE accounts ALTER COLUMN kind SET DEFAULT 3;
-- file: 005.sql
CREATE TRIGGER fill BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION fill();
UPDATE accounts SET a = 3 WHERE a = 2;
ALTER TABLE accounts ALTER COLUMN a SET DEFAULT 3;
-- file: 006.sql
CREATE TABLE payloads (id bigint, external_id uuid);
-- file: 007.sql
-- Nobody can insert NULL any more.
ALTER TABLE payloads ADD CONSTRAINT given CHECK (external_id IS NOT NULL) NOT VALID;
UPDATE payloads SET external_id = gen_random_uuid() WHERE external_id IS NULL;
ALTER TABLE payloads ALTER COLUMN external_id SET DEFAULT gen_random_uuid();
