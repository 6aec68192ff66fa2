-- What an attacker may find in a database. Run once, by a superuser, in a database of its own.
DO $do$
DECLARE extension text;
BEGIN
  FOREACH extension IN ARRAY ARRAY['dblink', 'file_fdw', 'postgres_fdw', 'tablefunc', 'pg_trgm', 'xml2', 'lo', 'pgcrypto', 'pg_stat_statements'] LOOP
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = extension) THEN
      EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I', extension);
    END IF;
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'attack_reader') THEN
    CREATE ROLE attack_reader LOGIN;
    CREATE ROLE attack_shadowed LOGIN IN ROLE attack_reader;
    ALTER ROLE attack_shadowed SET search_path = shadow, shop, public;
  END IF;
  EXECUTE format('ALTER DATABASE %I SET search_path = shop, public', current_database());
  EXECUTE format('ALTER DATABASE %I SET app.jwt_secret = %L', current_database(), 'hush');
END
$do$;

CREATE SCHEMA shop;
CREATE SCHEMA shadow;
SET search_path = shop, public;

CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, email text, card text, parent_id int, born date);
INSERT INTO users SELECT n, 'user ' || n, 'user' || n || '@example.com', '4000 0000 0000 000' || n, n - 1, DATE '1990-01-01' + n
FROM generate_series(1, 5) n;
CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, total numeric(10, 2), email text, placed timestamptz DEFAULT now());
INSERT INTO orders SELECT n, 1 + n % 5, n * 9.5, 'contact' || n || '@example.com' FROM generate_series(1, 20) n;
CREATE TABLE effects (what text);
CREATE SEQUENCE counter;

-- Partitions and inheritance, with rules on the parent or on a child.
CREATE TABLE people (id int, region text, secret text) PARTITION BY LIST (region);
CREATE TABLE people_eu PARTITION OF people FOR VALUES IN ('eu');
CREATE TABLE people_us PARTITION OF people FOR VALUES IN ('us');
INSERT INTO people VALUES (1, 'eu', 'a'), (2, 'us', 'b');
CREATE TABLE staff (id int, phone text);
CREATE TABLE managers (level int) INHERITS (staff);
INSERT INTO managers VALUES (1, '555', 3);

-- Functions that a user made.
CREATE FUNCTION volatile_function() RETURNS int LANGUAGE plpgsql VOLATILE AS $$ BEGIN INSERT INTO shop.effects VALUES ('volatile'); RETURN 1; END $$;
CREATE FUNCTION stable_liar() RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN pg_catalog.pg_read_file('PG_VERSION'); END $$;
CREATE FUNCTION immutable_liar(x int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN pg_catalog.pg_read_file('PG_VERSION'); END $$;
CREATE FUNCTION lends_rights() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT pg_catalog.pg_read_file('PG_VERSION') $$;
CREATE FUNCTION shadow.lower(x varchar) RETURNS text LANGUAGE plpgsql VOLATILE AS $$ BEGIN PERFORM pg_catalog.pg_sleep(0); RETURN x; END $$;
CREATE FUNCTION evil_default(x text DEFAULT pg_catalog.pg_read_file('PG_VERSION')) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT x $$;
CREATE FUNCTION row_effect(r users) RETURNS int LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN r.id; END $$;
CREATE FUNCTION email_of(wanted int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT email FROM shop.users WHERE id = wanted $$;
CREATE FUNCTION any_users() RETURNS SETOF users LANGUAGE sql STABLE AS $$ SELECT * FROM shop.users $$;
CREATE FUNCTION sum_effect(state int, x int) RETURNS int LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN coalesce(state, 0) + x; END $$;
CREATE AGGREGATE evil_sum(int) (SFUNC = sum_effect, STYPE = int);
CREATE PROCEDURE a_procedure() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO shop.effects VALUES ('procedure'); END $$;

-- Operators, casts and domains that run them. What is named as PostgreSQL's own is in a schema of its own.
CREATE FUNCTION equal_effect(a int, b numeric) RETURNS bool LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN a = b; END $$;
CREATE OPERATOR shadow.= (LEFTARG = int, RIGHTARG = numeric, FUNCTION = equal_effect);
CREATE OPERATOR shadow.>= (LEFTARG = int, RIGHTARG = numeric, FUNCTION = equal_effect);
CREATE FUNCTION like_effect(a int, b text) RETURNS bool LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN false; END $$;
CREATE OPERATOR shadow.~~ (LEFTARG = int, RIGHTARG = text, FUNCTION = like_effect);
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = numeric, FUNCTION = equal_effect);
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE FUNCTION mood_of(x int) RETURNS mood LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN 'sad'; END $$;
CREATE CAST (int AS mood) WITH FUNCTION mood_of(int);
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION pair_of(x int) RETURNS pair LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN ROW(x, x); END $$;
CREATE CAST (int AS pair) WITH FUNCTION pair_of(int) AS IMPLICIT;
CREATE FUNCTION of_pair(x pair) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (x).a $$;
CREATE FUNCTION is_fine(x text) RETURNS bool LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN true; END $$;
CREATE DOMAIN guarded AS text CHECK (shop.is_fine(VALUE));
CREATE DOMAIN guarded_again AS guarded;
CREATE TYPE holder AS (inner_value guarded);
CREATE DOMAIN reading AS text CHECK (pg_catalog.pg_stat_file('PG_VERSION') IS NOT NULL);

-- Views that an administrator made.
CREATE VIEW file_view AS SELECT pg_catalog.pg_read_file('PG_VERSION') AS content;
CREATE VIEW file_view_again AS SELECT * FROM file_view;
CREATE VIEW password_view AS SELECT rolname, rolpassword FROM pg_catalog.pg_authid;
CREATE MATERIALIZED VIEW password_copy AS SELECT rolname, rolpassword FROM pg_catalog.pg_authid;
CREATE VIEW effect_view AS SELECT volatile_function() AS n;
CREATE VIEW operator_view AS SELECT 1 OPERATOR(shop.===) 1.0 AS same;
CREATE VIEW domain_view AS SELECT name::guarded AS n FROM users;
CREATE VIEW aggregate_view AS SELECT evil_sum(id) AS n FROM users;
CREATE VIEW user_view AS SELECT id, email AS contact FROM users;
CREATE VIEW user_view_again AS SELECT id, contact FROM user_view;
CREATE VIEW ruled_view AS SELECT id, email FROM users;
CREATE MATERIALIZED VIEW user_copy AS SELECT * FROM users;
CREATE VIEW secret_view AS SELECT * FROM people_eu;

DO $do$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'file_fdw') THEN
    CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE shop.file_table (line text) SERVER files OPTIONS (filename '/etc/passwd');
    CREATE FOREIGN TABLE shop.program_table (line text) SERVER files OPTIONS (program 'id');
    CREATE TABLE shop.logs (line text, kind text) PARTITION BY LIST (kind);
    CREATE FOREIGN TABLE shop.logs_of_file PARTITION OF shop.logs FOR VALUES IN ('a') SERVER files OPTIONS (filename '/etc/passwd');
    CREATE VIEW shop.file_table_view AS SELECT * FROM shop.file_table;
  END IF;
END
$do$;

GRANT USAGE ON SCHEMA shop, shadow TO attack_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO attack_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA shop, shadow TO attack_reader;
RESET search_path;
