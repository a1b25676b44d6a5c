-- A view reads the column: the statement fails, and nothing is dropped.
CREATE TABLE accounts (id int PRIMARY KEY, name text, owner text, note text);
CREATE TABLE shops (id int PRIMARY KEY, account int);
-- file: 002.sql
CREATE VIEW owners AS SELECT a.owner, s.id FROM accounts a JOIN shops s ON s.account = a.id;
CREATE VIEW notes AS SELECT CASE WHEN name > '' THEN note END AS text FROM accounts;
-- file: 003.sql
ALTER TABLE accounts DROP COLUMN owner;
ALTER TABLE accounts DROP COLUMN note;
