-- Views over the tables that do not read the column: the drop succeeds, and is reported.
CREATE TABLE deployments (id int PRIMARY KEY, name text, migrating bool, state text, "end" date, status text);
CREATE TABLE versions (id int PRIMARY KEY, deployment int);
-- file: 002.sql
-- The star stands for the subquery's columns, and one relation is a catalog.
CREATE VIEW sizes AS
  SELECT *, total / 2 AS half
    FROM (SELECT d.name, sum(c.relpages) AS total FROM pg_class c JOIN deployments d ON d.name = c.relname WHERE relkind = 'r' GROUP BY d.name) s;
-- end ends the CASE, status and state are what something else is called.
CREATE VIEW info AS
  SELECT d.name, CASE WHEN v.id = d.id THEN 'current' ELSE 'unused' END status, v.deployment state FROM deployments d JOIN versions v ON v.deployment = d.id;
-- file: 003.sql
ALTER TABLE deployments DROP COLUMN migrating;                       -- want drop-column "migrating"
ALTER TABLE deployments DROP COLUMN "end";                           -- want drop-column "end"
ALTER TABLE deployments DROP COLUMN status, DROP COLUMN state;       -- want drop-column "status"; drop-column "state"
