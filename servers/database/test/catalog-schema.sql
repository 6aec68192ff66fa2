-- Names, keys and kinds that a catalog query easily gets wrong.
CREATE EXTENSION citext SCHEMA public;
CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'The shop';
CREATE SCHEMA "Mixed Case";
CREATE SCHEMA empty;

CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'very happy');
COMMENT ON TYPE app.mood IS 'How a customer feels';
CREATE DOMAIN app.positive AS numeric(10, 2) NOT NULL DEFAULT 1 CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE TYPE app.address AS (street text, "Zip Code" varchar(10));
CREATE TYPE app.span AS RANGE (subtype = float8);

CREATE TABLE public.users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email citext NOT NULL UNIQUE,
  gone int,
  name text COLLATE "C" DEFAULT 'nobody',
  feels app.mood[] DEFAULT '{ok}',
  home app.address,
  name_length int GENERATED ALWAYS AS (length(name)) STORED,
  manager bigint REFERENCES public.users ON DELETE SET NULL,
  CONSTRAINT has_at CHECK (email LIKE '%@%')
);
ALTER TABLE public.users DROP COLUMN gone;
COMMENT ON TABLE public.users IS 'People who may log in';
COMMENT ON COLUMN public.users.email IS 'Unique, whatever the case';
CREATE INDEX users_lower_name ON public.users (lower(name) DESC NULLS LAST) INCLUDE (id) WHERE name IS NOT NULL;

CREATE TABLE app.users (id int);

CREATE TABLE "Mixed Case"."Order.Lines" (
  "Order Id" int NOT NULL,
  line int NOT NULL,
  "größe" app.positive,
  during tstzrange,
  PRIMARY KEY ("Order Id", line),
  EXCLUDE USING gist (during WITH &&)
);
CREATE TABLE "Mixed Case"."a""b" (
  o int, l int,
  CONSTRAINT "both keys" FOREIGN KEY (o, l) REFERENCES "Mixed Case"."Order.Lines" ON UPDATE CASCADE DEFERRABLE NOT VALID
);
CREATE TABLE "Mixed Case"."Größe" ("select" int, "日本" text);

CREATE TABLE app.events (
  at timestamptz NOT NULL, region text NOT NULL, who bigint REFERENCES public.users, note text
) PARTITION BY RANGE (at);
CREATE TABLE app.events_2025 PARTITION OF app.events FOR VALUES FROM ('2025-01-01Z') TO ('2026-01-01Z') PARTITION BY LIST (region);
CREATE TABLE app.events_2025_eu PARTITION OF app.events_2025 FOR VALUES IN ('eu', 'uk');
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
CREATE INDEX events_at ON app.events (at);

CREATE TABLE app.vehicle (id serial PRIMARY KEY, wheels int);
CREATE TABLE app.car (doors int) INHERITS (app.vehicle);

CREATE TABLE app.secrets (owner name NOT NULL, secret text);
ALTER TABLE app.secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.secrets FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON app.secrets AS RESTRICTIVE FOR SELECT USING (owner = current_user);

CREATE VIEW app.grown_ups AS SELECT u.id, u.email FROM public.users u WHERE u.name IS NOT NULL;
CREATE MATERIALIZED VIEW app.counted AS SELECT region, count(*) AS events FROM app.events GROUP BY region WITH NO DATA;
COMMENT ON VIEW app.grown_ups IS 'Those with a name';

CREATE FUNCTION app.total(price numeric, amount int DEFAULT 1, OUT sum numeric) LANGUAGE sql IMMUTABLE STRICT
  AS 'SELECT price * amount';
CREATE FUNCTION app.total(words text) RETURNS SETOF public.users LANGUAGE sql STABLE SECURITY DEFINER SET work_mem = '1MB'
  AS 'SELECT * FROM public.users WHERE name = words';
CREATE PROCEDURE app.tidy(INOUT done int) LANGUAGE plpgsql AS 'BEGIN done := 1; END';
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE AGGREGATE app.product(numeric) (SFUNC = numeric_mul, STYPE = numeric);
CREATE TRIGGER touch_users BEFORE UPDATE OF name ON public.users FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE public.users DISABLE TRIGGER touch_users;

CREATE SEQUENCE app.tickets INCREMENT 5 MAXVALUE 500 CYCLE;
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER far_away FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE app.remote (id int) SERVER far_away OPTIONS (table_name 'there');

-- More than a page of anything.
CREATE SCHEMA many;
DO $$ BEGIN
  FOR n IN 1..2000 LOOP EXECUTE format('CREATE TABLE many.table_%s (id int)', n); END LOOP;
END $$;
