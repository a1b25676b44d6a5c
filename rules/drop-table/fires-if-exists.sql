DROP TABLE IF EXISTS country_codes;                                   -- want drop-table safe `ALTER TABLE IF EXISTS country_codes RENAME TO country_codes_deprecated;`
