-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
-- Comments, white space and the case of keywords may change, and so may the downgrade.
CREATE   TABLE orders (id bigint);
-- cupel:downgrade
DROP TABLE IF EXISTS orders;
-- file: 20260102_000000_new.sql
-- cupel:upgrade
ALTER TABLE orders ADD COLUMN note text;
-- file: cupel.lock
# What the migrations in this folder mean, one line each; written by cupel, to be committed with them.
cupel.lock 1
# revision parents file upgrade downgrade
20260101_000000 - 20260101_000000_orders.sql a21588191ca37c7bccc586c0ddf6ea2b ff0a99bc9343d0f898891cd481c84cdd
heads 20260101_000000
