CREATE FUNCTION slug(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(title) $$;
CREATE FUNCTION even(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN n % 2 = 0; END $$;
CREATE FUNCTION cents(amount numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT (amount * 100)::bigint $$;
CREATE FUNCTION region(code int, salt int DEFAULT 0) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT code / 1000 $$;
CREATE TABLE posts (id bigint PRIMARY KEY, title text, pages int CONSTRAINT pages_even CHECK (even(pages)), price numeric,
                    price_cents bigint GENERATED ALWAYS AS (cents(price)) STORED);
CREATE UNIQUE INDEX posts_slug_key ON posts (slug(title));
CREATE INDEX posts_even_idx ON posts (id) WHERE even(pages);
CREATE TABLE shops (code int) PARTITION BY LIST (region(code));
CREATE TABLE shops_1 PARTITION OF shops FOR VALUES IN (1);
-- file: 002.sql
-- want+1 replace-indexed-function@1 "index posts_slug_key of posts keeps what slug gave before" safe `REINDEX INDEX CONCURRENTLY posts_slug_key;`
CREATE OR REPLACE FUNCTION slug(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT replace(lower(title), ' ', '-') $$;
-- want+1 replace-indexed-function "constraint pages_even of posts, index posts_even_idx of posts keep" safe `ADD CONSTRAINT pages_even CHECK (even(pages)) NOT VALID;`
CREATE OR REPLACE FUNCTION even(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN n % 2 = 0 AND n > 0; END $$;
-- want+1 replace-indexed-function "generated column price_cents of posts" safe `SET price = price WHERE id IN (SELECT id FROM posts WHERE price_cents IS DISTINCT FROM (cents(price)) LIMIT 10000)`
CREATE OR REPLACE FUNCTION cents(amount numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT floor(amount * 100)::bigint $$;
-- want+1 replace-indexed-function "the partitioning of shops"
CREATE OR REPLACE FUNCTION region(code int, salt int DEFAULT 0) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (code + salt) / 100 $$;
