-- The name is freed first, and the default is not there to stay.
-- want+1 add-column-not-null-no-default safe `ALTER TABLE orders DROP COLUMN total;`
ALTER TABLE orders DROP COLUMN total, ADD COLUMN total numeric NOT NULL;
ALTER TABLE orders ADD COLUMN note text NOT NULL;                     -- want add-column-not-null-no-default safe `ALTER COLUMN note DROP DEFAULT;`
