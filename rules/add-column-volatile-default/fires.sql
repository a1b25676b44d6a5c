ALTER TABLE orders ADD COLUMN number uuid NOT NULL DEFAULT gen_random_uuid();  -- want add-column-volatile-default@20 "gen_random_uuid()"
ALTER TABLE orders
  ADD COLUMN plain int,
  ADD COLUMN lot double precision DEFAULT 10 * random();                       -- want add-column-volatile-default@3 "rewrites orders"
ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT clock_timestamp() - interval '1 day';  -- want add-column-volatile-default
-- file: 002.sql
CREATE FUNCTION token() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'x'; END $$;
ALTER TABLE orders ADD COLUMN token text DEFAULT token();                      -- want add-column-volatile-default "token()"
