CREATE FUNCTION slug(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(title) $$;
CREATE FUNCTION label(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(title) $$;
CREATE FUNCTION mark(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT title $$;
CREATE FUNCTION word(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT title $$;
CREATE FUNCTION word(title text, length int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT title $$;
CREATE FUNCTION pair(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT a $$;
CREATE FUNCTION pair(a int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT a::text $$;
CREATE FUNCTION stamp() RETURNS text LANGUAGE sql AS $$ SELECT 'a' $$;
CREATE TABLE posts (id bigint PRIMARY KEY, title text, note text DEFAULT stamp(), kind text CONSTRAINT posts_kind CHECK (mark(kind) <> ''));
CREATE INDEX posts_slug_idx ON posts (slug(title));
CREATE INDEX posts_word_idx ON posts (word(title, 3));
CREATE INDEX posts_pair_idx ON posts (pair(title));
CREATE INDEX posts_lower_idx ON posts (lower(title));
ALTER TABLE posts ADD CONSTRAINT posts_note CHECK (label(note) <> 'X') NOT VALID;
-- file: 002.sql
-- The same body, laid out in another way; rights and costs only.
CREATE OR REPLACE FUNCTION slug(title text) RETURNS text LANGUAGE sql IMMUTABLE SECURITY DEFINER AS $$
  select lower(title)  -- as before
$$;
-- A default is computed for new rows only, and a constraint that is not valid promises nothing.
CREATE OR REPLACE FUNCTION stamp() RETURNS text LANGUAGE sql AS $$ SELECT 'b' $$;
CREATE OR REPLACE FUNCTION label(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT title $$;
-- Another overload than the index has, and one of two that the call may mean.
CREATE OR REPLACE FUNCTION word(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'w' || title $$;
CREATE OR REPLACE FUNCTION pair(a int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'p' || a $$;
-- New, in whatever way it is written.
CREATE OR REPLACE FUNCTION fresh(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT title $$;
CREATE OR REPLACE FUNCTION public.lower(a int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT a::text $$;
CREATE OR REPLACE FUNCTION public.lower(a int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '1' || a $$;
-- file: 003.sql
-- The index is rebuilt, the constraint made anew.
CREATE OR REPLACE FUNCTION slug(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(title) $$;
REINDEX INDEX posts_slug_idx;
CREATE OR REPLACE FUNCTION mark(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(title) $$;
ALTER TABLE posts DROP CONSTRAINT posts_kind;
-- Nobody has rows in a table of this migration.
CREATE TABLE drafts (title text);
CREATE INDEX drafts_idx ON drafts (fresh(title));
CREATE OR REPLACE FUNCTION fresh(title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(title) $$;
