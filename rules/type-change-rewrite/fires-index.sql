-- The rows stay, the index is sorted anew.
CREATE TABLE people (id bigint PRIMARY KEY, name text, city text);
CREATE INDEX people_name_idx ON people (name);
-- file: 002.sql
-- want+1 type-change-rewrite "rebuilds indexes of people" safe `ON people (name COLLATE "C");`
ALTER TABLE people ALTER COLUMN name TYPE text COLLATE "C";
ALTER TABLE people ALTER COLUMN city TYPE text COLLATE "C";
