-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
-- +goose StatementEnd
-- +goose Down
DROP FUNCTION f();
-- file: readme.txt
no migration at all
