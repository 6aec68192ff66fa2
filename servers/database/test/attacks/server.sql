-- PERMISSION_DENIED superuser: read a file
SELECT pg_read_file('/etc/passwd')
-- PERMISSION_DENIED superuser: read a file with a range
SELECT pg_catalog.pg_read_file('PG_VERSION', 0, 10)
-- PERMISSION_DENIED superuser: read a binary file
SELECT encode(pg_read_binary_file('/etc/passwd'), 'hex')
-- PERMISSION_DENIED superuser: read a file in FROM
SELECT * FROM pg_read_file('/etc/passwd') AS f(content)
-- PERMISSION_DENIED superuser: read a file in ROWS FROM
SELECT * FROM ROWS FROM (generate_series(1, 2), pg_ls_dir('.')) WITH ORDINALITY
-- PERMISSION_DENIED superuser: list a directory
SELECT pg_ls_dir('/')
-- PERMISSION_DENIED superuser: list the log directory
SELECT * FROM pg_ls_logdir()
-- PERMISSION_DENIED superuser: list WAL
SELECT * FROM pg_ls_waldir()
-- PERMISSION_DENIED superuser: list temporary files
SELECT name FROM pg_ls_tmpdir()
-- PERMISSION_DENIED superuser: the archive status
SELECT * FROM pg_ls_archive_statusdir()
-- PERMISSION_DENIED superuser: stat a file
SELECT (pg_stat_file('/etc/passwd')).size
-- PERMISSION_DENIED superuser: the file of the log
SELECT pg_current_logfile()
-- PERMISSION_DENIED superuser: pg_hba.conf
SELECT * FROM pg_hba_file_rules
-- PERMISSION_DENIED superuser: pg_hba.conf by its function
SELECT * FROM pg_hba_file_rules()
-- PERMISSION_DENIED superuser: pg_ident.conf
TABLE pg_ident_file_mappings
-- PERMISSION_DENIED superuser: postgresql.conf
SELECT * FROM pg_catalog.pg_file_settings
-- PERMISSION_DENIED superuser: postgresql.conf by its function
SELECT * FROM pg_show_all_file_settings()
-- PERMISSION_DENIED superuser: read a file as the row's attribute does not help
SELECT ROW(pg_read_file('PG_VERSION'))::text
-- PERMISSION_DENIED superuser: read a file by TREAT, which makes a call of a type's name
SELECT TREAT('PG_VERSION' AS pg_read_file)
-- PERMISSION_DENIED superuser: import a file as a large object
SELECT lo_import('/etc/passwd')
-- PERMISSION_DENIED superuser: export a large object
SELECT lo_export(1, '/tmp/attack-lo')
-- PERMISSION_DENIED: make a large object
SELECT lo_create(0)
-- PERMISSION_DENIED: make a large object from bytes
SELECT lo_from_bytea(0, '\x00')
-- PERMISSION_DENIED: write to a large object
SELECT lo_put(1, 0, '\x00')
-- PERMISSION_DENIED: read a large object
SELECT lo_get(1)
-- PERMISSION_DENIED: open a large object
SELECT lo_open(1, 131072)
-- PERMISSION_DENIED: read from an open large object
SELECT loread(0, 10)
-- PERMISSION_DENIED: drop a large object
SELECT lo_unlink(1)
-- PERMISSION_DENIED superuser: the content of large objects
SELECT * FROM pg_largeobject
-- PERMISSION_DENIED superuser: terminate a backend
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
-- PERMISSION_DENIED superuser: terminate with a timeout
SELECT pg_terminate_backend(1, 10)
-- PERMISSION_DENIED superuser: cancel a backend
SELECT pg_cancel_backend(1)
-- PERMISSION_DENIED superuser: reload the configuration
SELECT pg_reload_conf()
-- PERMISSION_DENIED superuser: rotate the log
SELECT pg_rotate_logfile()
-- PERMISSION_DENIED superuser: log the memory of a backend
SELECT pg_log_backend_memory_contexts(1)
-- PERMISSION_DENIED superuser: promote
SELECT pg_promote()
-- PERMISSION_DENIED superuser: switch WAL
SELECT pg_switch_wal()
-- PERMISSION_DENIED superuser: restore point
SELECT pg_create_restore_point('x')
-- PERMISSION_DENIED superuser: pause the replay of WAL
SELECT pg_wal_replay_pause()
-- PERMISSION_DENIED superuser: make a replication slot
SELECT pg_create_physical_replication_slot('s')
-- PERMISSION_DENIED superuser: make a logical slot
SELECT pg_create_logical_replication_slot('s', 'test_decoding')
-- PERMISSION_DENIED superuser: drop a slot
SELECT pg_drop_replication_slot('s')
-- PERMISSION_DENIED superuser: advance a slot
SELECT pg_replication_slot_advance('s', '0/0')
-- PERMISSION_DENIED superuser: read a slot
SELECT * FROM pg_logical_slot_get_changes('s', NULL, NULL)
-- PERMISSION_DENIED superuser: peek at a slot
SELECT * FROM pg_logical_slot_peek_changes('s', NULL, NULL)
-- PERMISSION_DENIED superuser: write to WAL
SELECT pg_logical_emit_message(false, 'x', 'y')
-- PERMISSION_DENIED superuser: replication origins
SELECT pg_replication_origin_create('x')
-- PERMISSION_DENIED: export a snapshot
SELECT pg_export_snapshot()
-- PERMISSION_DENIED superuser: reset statistics
SELECT pg_stat_reset()
-- PERMISSION_DENIED superuser: reset shared statistics
SELECT pg_stat_reset_shared('bgwriter')
-- PERMISSION_DENIED superuser: statistics of one table
SELECT pg_stat_reset_single_table_counters('shop.users'::regclass)
-- PERMISSION_DENIED superuser: summarise a BRIN index
SELECT brin_summarize_new_values('shop.users_pkey')
-- PERMISSION_DENIED superuser: binary upgrade
SELECT binary_upgrade_set_next_pg_type_oid(99999)
-- PERMISSION_DENIED superuser: password hashes
SELECT rolname, rolpassword FROM pg_authid
-- PERMISSION_DENIED superuser: password hashes by TABLE
TABLE pg_catalog.pg_authid
-- PERMISSION_DENIED superuser: password hashes in a subquery
SELECT (SELECT string_agg(rolpassword, ',') FROM pg_authid)
-- PERMISSION_DENIED superuser: password hashes in EXISTS
SELECT 1 WHERE EXISTS (SELECT 1 FROM pg_shadow WHERE passwd LIKE 'SCRAM%')
-- PERMISSION_DENIED superuser: passwords of other servers
SELECT umoptions FROM pg_user_mapping
-- PERMISSION_DENIED: passwords of other servers by their view
SELECT * FROM pg_user_mappings
-- PERMISSION_DENIED: passwords of other servers by the standard's view
SELECT * FROM information_schema.user_mapping_options
-- PERMISSION_DENIED superuser: passwords of subscriptions
SELECT subconninfo FROM pg_subscription
-- PERMISSION_DENIED superuser: password hashes under EXPLAIN ANALYZE
EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM pg_authid
-- PERMISSION_DENIED superuser: values of another table by its TOAST table
SELECT chunk_data FROM pg_toast.pg_toast_1255
