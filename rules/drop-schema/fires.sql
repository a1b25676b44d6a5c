CREATE SCHEMA reporting;
CREATE TABLE reporting.totals (id bigint);
-- file: 002.sql
DROP SCHEMA reporting CASCADE;                     -- want drop-schema@13 "schema reporting" safe `DROP SCHEMA reporting;` as error
DROP SCHEMA IF EXISTS "Old", older CASCADE;        -- want drop-schema@23 as info; drop-schema@30 as info
DROP SCHEMA elsewhere CASCADE;                     -- want drop-schema "whatever is in it, which no migration shows" as error
