-- fixture: transaction=per_file
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id bigint PRIMARY KEY, m mood, note text);
-- file: 002.sql
ALTER TYPE mood ADD VALUE 'great';
INSERT INTO people VALUES (1, 'great', '');               -- want enum-value-used-same-tx@1 "unsafe use of new value"
-- file: 003.sql
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'good';
UPDATE people SET m = 'good' WHERE id = 1;                -- want enum-value-used-same-tx "UPDATE fails"
-- file: 004.sql
ALTER TYPE mood ADD VALUE 'bad';
ALTER TABLE people ALTER COLUMN m SET DEFAULT 'bad';      -- want enum-value-used-same-tx@20
-- file: 005.sql
ALTER TYPE mood ADD VALUE 'fair';
ALTER TABLE people ADD COLUMN n mood DEFAULT 'fair';      -- want enum-value-used-same-tx
-- file: 006.sql
ALTER TYPE mood ADD VALUE 'fine';
SELECT 'fine'::mood;                                      -- want enum-value-used-same-tx
-- file: 007.sql
ALTER TYPE mood ADD VALUE 'high';
UPDATE people SET note = 'x' WHERE m = 'high';            -- want enum-value-used-same-tx
DELETE FROM people WHERE id = 1 AND m IN ('sad', 'high'); -- want enum-value-used-same-tx
-- file: 008.sql
ALTER TYPE mood ADD VALUE 'low';
CREATE TABLE others (m mood DEFAULT 'low');               -- want enum-value-used-same-tx
CREATE INDEX lows ON people (id) WHERE m = 'low';         -- want enum-value-used-same-tx
ALTER TABLE people ADD CHECK (m <> 'low');                -- want enum-value-used-same-tx
