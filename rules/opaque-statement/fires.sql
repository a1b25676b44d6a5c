DO $$
DECLARE name text;
BEGIN
  EXECUTE 'ALTER TABLE orders ADD COLUMN a int';
  FOR name IN SELECT 'x' LOOP
    EXECUTE format('DROP TABLE %I', name);
    EXECUTE 'DROP TABLE ' || name;
  END LOOP;
END $$;
-- want-4 opaque-statement@5 "1 more statement of this migration"
-- file: 002.sql
DO $$ BEGIN EXECUTE current_setting('app.statement'); END $$;   -- want opaque-statement@13 "cannot see what this does"
