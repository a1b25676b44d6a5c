CREATE TABLE steps (id int PRIMARY KEY, place smallserial, total int DEFAULT 7);
-- file: 002.sql
ALTER TABLE steps ALTER COLUMN place TYPE bigint;                     -- want type-change-rewrite safe `ALTER SEQUENCE steps_place_seq OWNED BY steps.place_new;`
ALTER TABLE steps ALTER COLUMN total TYPE bigint;                     -- want type-change-rewrite safe `ALTER TABLE steps ALTER COLUMN total_new SET DEFAULT 7;`
