CREATE TABLE fresh (id bigint);
DROP TABLE fresh;
CREATE TEMP TABLE scratch (n int);
DROP TABLE IF EXISTS scratch;
DROP VIEW totals;
DROP INDEX orders_note;
CREATE TABLE IF NOT EXISTS staging (n int);
DROP TABLE staging;
-- file: 002.sql
CREATE TABLE accounts (id bigint);
CREATE TABLE "Logs" (id bigint);
-- file: 002.down.sql
DROP TABLE IF EXISTS "Logs", accounts;
-- file: 003.sql
DROP TABLE IF EXISTS to_check;
CREATE TABLE to_check AS SELECT 1 AS n;
