CREATE DOMAIN plain AS text;
CREATE DOMAIN zero AS int DEFAULT 0;
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE users (id bigint PRIMARY KEY, contact text);
-- file: 002.sql
ALTER TABLE users ADD COLUMN note plain, ADD COLUMN number zero;
CREATE TABLE fresh (id bigint);
ALTER TABLE fresh ADD COLUMN contact email;
-- Rewritten, but nobody uses it yet.
CREATE TABLE copied AS SELECT id FROM users;
ALTER TABLE copied ADD COLUMN contact email;
