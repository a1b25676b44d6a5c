CREATE TYPE role AS ENUM ('admin');
CREATE TABLE events (id uuid PRIMARY KEY, label varchar(500), amount numeric, kind int, org text, project role);
-- file: 002.sql
-- Assigning converts, comparing does not: varchar = numeric has no operator.
-- want+1 unbatched-update safe `label IS DISTINCT FROM (amount)::character varying(500)`
UPDATE events SET label = amount WHERE kind = 2;
-- want+1 unbatched-update safe `org IS DISTINCT FROM (project::role)::text`
UPDATE events SET org = project::role WHERE kind = 3;
-- A WITH query comes along.
-- want+1 unbatched-update safe `WITH twice AS (SELECT max(id::text) AS id FROM events GROUP BY label) DELETE FROM events WHERE id IN`
WITH twice AS (SELECT max(id::text) AS id FROM events GROUP BY label) DELETE FROM events WHERE id::text IN (SELECT id FROM twice);
-- want+1 unbatched-update safe `org IS DISTINCT FROM (label || 'x')`
UPDATE events SET org = label || 'x' WHERE kind = 4;
