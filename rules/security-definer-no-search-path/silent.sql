CREATE FUNCTION a() RETURNS void LANGUAGE sql AS 'UPDATE orders SET paid = true';
CREATE FUNCTION b() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'UPDATE orders SET paid = true';
CREATE FUNCTION c() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS 'UPDATE orders SET paid = true';
CREATE FUNCTION d() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'UPDATE orders SET paid = true';
ALTER FUNCTION d() SET search_path = public, pg_temp;
CREATE FUNCTION e() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM set_config('search_path', 'public, pg_temp', true);
  UPDATE orders SET paid = true;
END $$;
CREATE FUNCTION f() RETURNS int LANGUAGE c SECURITY DEFINER AS 'library', 'f';
