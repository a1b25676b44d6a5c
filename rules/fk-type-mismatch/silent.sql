CREATE DOMAIN key AS bigint;
CREATE TABLE authors (id serial PRIMARY KEY, name varchar(20) UNIQUE, title text UNIQUE, born date UNIQUE, big key UNIQUE, uid uuid UNIQUE);
CREATE TABLE posts (
  id bigint PRIMARY KEY,
  author_id int REFERENCES authors,
  wider_id bigint REFERENCES authors,
  name text REFERENCES authors (name),
  title varchar(10) REFERENCES authors (title),
  born timestamp REFERENCES authors (born),
  big bigint REFERENCES authors (big),
  uid uuid REFERENCES authors (uid),
  up bigint REFERENCES posts
);
-- What is not known: the table, its key, a column.
ALTER TABLE elsewhere ADD FOREIGN KEY (author_id) REFERENCES posts (id);
-- In one statement the column grows.
ALTER TABLE posts ALTER COLUMN author_id TYPE bigint, ADD CONSTRAINT posts_up FOREIGN KEY (author_id) REFERENCES posts (id);
