DROP TABLE IF EXISTS country_codes;                                   -- want drop-table safe `ALTER TABLE IF EXISTS country_codes RENAME TO country_codes_deprecated;`
-- file: 002.sql
CREATE TABLE prices (id bigint);
-- file: 003.sql
DROP TABLE IF EXISTS prices;                                          -- want drop-table "dropping table prices deletes all its rows"
CREATE TABLE prices (id text);
