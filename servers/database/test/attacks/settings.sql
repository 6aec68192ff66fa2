-- PERMISSION_DENIED: SET statement_timeout
SET statement_timeout = 0
-- PERMISSION_DENIED: SET SESSION AUTHORIZATION
SET SESSION AUTHORIZATION postgres
-- PERMISSION_DENIED: SET ROLE
SET ROLE postgres
-- PERMISSION_DENIED: RESET ROLE
RESET ROLE
-- PERMISSION_DENIED: RESET ALL
RESET ALL
-- PERMISSION_DENIED: SET search_path
SET search_path = public
-- PERMISSION_DENIED: set_config for the session
SELECT set_config('statement_timeout', '0', false)
-- PERMISSION_DENIED: set_config for the transaction
SELECT pg_catalog.set_config('transaction_read_only', 'off', true)
-- PERMISSION_DENIED: set_config in WHERE
SELECT 1 FROM shop.users WHERE set_config('role', 'postgres', false) IS NOT NULL
-- PERMISSION_DENIED: set_config with named arguments
SELECT set_config(setting_name => 'role', new_value => 'postgres', is_local => false)
-- PERMISSION_DENIED: set_config in FROM
SELECT * FROM set_config('role', 'postgres', false)
-- PERMISSION_DENIED: set_config as an update of pg_settings
UPDATE pg_settings SET setting = '0' WHERE name = 'statement_timeout'
-- PERMISSION_DENIED: DISCARD ALL
DISCARD ALL
-- PERMISSION_DENIED superuser: ALTER SYSTEM
ALTER SYSTEM SET work_mem = '1GB'
-- PERMISSION_DENIED superuser: ALTER DATABASE SET
ALTER DATABASE postgres SET work_mem = '1GB'
-- PERMISSION_DENIED superuser: ALTER ROLE SET
ALTER ROLE attack_reader SET work_mem = '1GB'
-- PERMISSION_DENIED superuser: SHOW primary_conninfo
SHOW primary_conninfo
-- PERMISSION_DENIED superuser: SHOW in another case
SHOW "PRIMARY_CONNINFO"
-- PERMISSION_DENIED superuser: SHOW ssl_passphrase_command
SHOW ssl_passphrase_command
-- PERMISSION_DENIED: SHOW a secret of an application
SHOW app.jwt_secret
-- PERMISSION_DENIED: current_setting of a secret
SELECT current_setting('app.jwt_secret')
-- PERMISSION_DENIED: current_setting of a secret in another case
SELECT current_setting('APP.JWT_Secret', true)
-- PERMISSION_DENIED: current_setting of a put together name
SELECT current_setting('app.' || 'jwt_secret')
-- PERMISSION_DENIED params=["app.jwt_secret"]: current_setting of a parameter
SELECT current_setting($1)
-- PERMISSION_DENIED: current_setting of a column
SELECT current_setting(name) FROM (VALUES ('app.jwt_secret')) v(name)
-- PERMISSION_DENIED: settings of databases and roles
SELECT * FROM pg_db_role_setting
-- PERMISSION_DENIED: settings of databases, qualified and quoted
SELECT s.setconfig FROM "pg_catalog"."pg_db_role_setting" AS s
-- PERMISSION_DENIED: the random seed
SELECT setseed(0.5)
-- PERMISSION_DENIED: SET CONSTRAINTS
SET CONSTRAINTS ALL DEFERRED
