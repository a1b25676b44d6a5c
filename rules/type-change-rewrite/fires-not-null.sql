CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL DEFAULT 0, extra jsonb);
-- file: 002.sql
ALTER TABLE orders ALTER COLUMN total TYPE bigint;                    -- want type-change-rewrite safe `ALTER TABLE orders ALTER COLUMN total_new SET NOT NULL;`
-- json has no equality.
-- want+1 type-change-rewrite "to json rewrites" safe `WHERE extra_new IS NULL AND extra IS NOT NULL`
ALTER TABLE orders ALTER COLUMN extra TYPE json;
