CREATE DOMAIN key AS bigint;
CREATE TABLE authors (id bigserial PRIMARY KEY, code numeric UNIQUE, tag text UNIQUE);
CREATE TABLE shops (id key, number int, PRIMARY KEY (id, number));
CREATE TABLE posts (
  id bigint PRIMARY KEY,
  author_id int REFERENCES authors,                       -- want fk-type-mismatch@3 "author_id of posts is integer, but id of authors is bigint: rows of authors with larger keys cannot be referred to"
  parent_id int4,
  code int REFERENCES authors (code),                     -- want fk-type-mismatch "code of posts is integer, but code of authors is numeric: no index on code serves the foreign key"
  tag char(8) REFERENCES authors (tag),                   -- want fk-type-mismatch "tag of posts is character(8), but tag of authors is text: no index"
  shop smallint,
  number smallint,
  FOREIGN KEY (parent_id) REFERENCES posts (id),          -- want fk-type-mismatch@3 "parent_id of posts is integer, but id of posts is bigint"
  FOREIGN KEY (number, shop) REFERENCES shops (number, id)  -- want fk-type-mismatch@3 "number of posts is smallint, but number of shops is integer"
);
CREATE TABLE trees (id bigint, up int REFERENCES trees, PRIMARY KEY (id));  -- want fk-type-mismatch@32
-- file: 002.sql
ALTER TABLE posts ADD COLUMN editor_id int REFERENCES authors;  -- want fk-type-mismatch@19 "editor_id of posts is integer"
ALTER TABLE posts ADD CONSTRAINT posts_parent FOREIGN KEY (parent_id) REFERENCES authors (id) NOT VALID;  -- want fk-type-mismatch@19
