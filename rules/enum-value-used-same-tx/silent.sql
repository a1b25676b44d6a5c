CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id bigint PRIMARY KEY, m mood, note text);
ALTER TYPE mood ADD VALUE 'great';
INSERT INTO people VALUES (1, 'great', '');
BEGIN;
ALTER TYPE mood ADD VALUE 'good';
UPDATE people SET m = 'ok', note = 'good' WHERE id = 1;
COMMIT;
UPDATE people SET m = 'good' WHERE id = 1;
-- file: 002.sql
BEGIN;
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'good';
INSERT INTO people VALUES (2, 'good', '');
COMMIT;
BEGIN;
ALTER TYPE mood RENAME VALUE 'good' TO 'better';
INSERT INTO people VALUES (3, 'better', '');
COMMIT;
