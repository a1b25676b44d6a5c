-- fixture: layout=goose
-- file: 00001_mood.sql
-- +goose Up
CREATE TYPE mood AS ENUM ('sad', 'fine');
-- +goose Down
DROP TYPE mood;
-- file: 00002_happy.sql
-- +goose Up
ALTER TYPE mood ADD VALUE 'happy';               -- want missing-down as info
-- file: 00003_sorry.sql
-- +goose Up
ALTER TYPE mood RENAME VALUE 'sad' TO 'sorry';   -- want missing-down as warning
-- file: 00004_angry.sql
-- +goose Up
ALTER TYPE mood ADD VALUE 'angry';               -- want missing-down as warning
CREATE TABLE people (id int, mood mood);
