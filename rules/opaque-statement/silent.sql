DO $$
BEGIN
  EXECUTE 'ALTER TABLE orders ADD COLUMN a int';
  EXECUTE $q$DROP TABLE lines$q$;
END $$;
-- It does not run here.
CREATE FUNCTION drop_any(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('DROP TABLE %I', name); END $$;
