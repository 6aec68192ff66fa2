/**
 * What was read and judged by hand. Everything volatile that is not in these lists is refused, so a function of a later
 * PostgreSQL fails closed.
 */

/** Volatile functions of PostgreSQL that only look, or only wait. */
export const HARMLESS_BUILTINS: readonly string[] = words(`
  random random_normal clock_timestamp timeofday gen_random_uuid uuidv4 uuidv7 current_query
  pg_sleep pg_sleep_for pg_sleep_until
  pg_relation_size pg_table_size pg_total_relation_size pg_indexes_size pg_database_size pg_tablespace_size
  pg_blocking_pids pg_safe_snapshot_blocking_pids pg_lock_status pg_prepared_xact pg_notification_queue_usage
  pg_is_in_recovery pg_is_wal_replay_paused pg_get_wal_replay_pause_state pg_last_xact_replay_timestamp
  pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn
  pg_control_checkpoint pg_control_init pg_control_recovery pg_control_system pg_get_wal_resource_managers
  pg_get_wal_summarizer_state pg_show_replication_origin_status
  currval lastval pg_sequence_last_value pg_get_sequence_data pg_partition_tree pg_partition_ancestors
  pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_last_committed_xact pg_xact_status txid_status
  pg_get_multixact_members pg_jit_available pg_numa_available pg_collation_actual_version
  pg_database_collation_actual_version pg_get_shmem_allocations pg_get_shmem_allocations_numa
  pg_get_backend_memory_contexts pg_get_aios pg_stat_have_stats pg_stat_get_recovery_prefetch amvalidate
  pg_stat_get_xact_blocks_fetched pg_stat_get_xact_blocks_hit pg_stat_get_xact_function_calls
  pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time pg_stat_get_xact_numscans
  pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched pg_stat_get_xact_tuples_hot_updated
  pg_stat_get_xact_tuples_newpage_updated pg_stat_get_xact_tuples_inserted pg_stat_get_xact_tuples_returned
  pg_stat_get_xact_tuples_updated
`);

/** Volatile functions of extensions that only look. */
const HARMLESS_OF_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  pg_stat_statements: ["pg_stat_statements", "pg_stat_statements_info"],
  pg_buffercache: ["pg_buffercache_pages", "pg_buffercache_summary", "pg_buffercache_usage_counts"],
  pgstattuple: words("pgstattuple pgstattuple_approx pgstatindex pgstatginindex pgstathashindex pg_relpages"),
  pg_freespacemap: ["pg_freespace"],
  pgcrypto: words("gen_salt gen_random_bytes gen_random_uuid"),
  "uuid-ossp": words("uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4"),
  tablefunc: ["normal_rand"],
};

/**
 * Functions refused whatever their label says: they run SQL given as text, read tables and files behind this gate's back,
 * call a type's own code by its oid or name, or change what outlives the transaction.
 */
const REFUSED = new Set(
  words(`
  query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema
  table_to_xml table_to_xmlschema table_to_xml_and_xmlschema schema_to_xml schema_to_xmlschema
  schema_to_xml_and_xmlschema database_to_xml database_to_xmlschema database_to_xml_and_xmlschema
  ts_stat connectby xpath_table xslt_process
  set_config setseed nextval setval loread lowrite pg_notify pg_export_snapshot pg_stat_file pg_current_logfile
  pg_show_all_file_settings pg_hba_file_rules pg_ident_file_mappings
  pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_promote
  domain_in domain_recv array_in array_recv record_in record_recv range_in range_recv multirange_in multirange_recv
  pg_input_is_valid pg_input_error_info
`),
);

const REFUSED_FAMILIES =
  /^(crosstab\d*|dblink(_\w+)?|lo_\w+|pg_(read|ls|file|logdir)_\w+|pg_(try_)?advisory_\w+|pg_(logical|replication|create|drop|copy|wal_replay|stat_reset|backup|start|stop)_\w+|pg_stat_reset|binary_upgrade_\w+)$/;

/** @param args how many; undefined when unknown. `ts_rewrite` runs SQL text only in its form of two. */
export function isRefused(name: string, args: number | undefined): boolean {
  if (name === "ts_rewrite") return args === undefined || args === 2;
  return REFUSED.has(name) || (REFUSED_FAMILIES.test(name) && !HARMLESS.has(name));
}

export const isHarmless = (name: string, extension: string | null): boolean =>
  extension === null ? HARMLESS.has(name) : (HARMLESS_OF_EXTENSIONS[extension]?.includes(name) ?? false);

/** Relations of PostgreSQL that hold secrets or the content of server files, each with why. */
const REFUSED_RELATIONS: Readonly<Record<string, string>> = {
  pg_authid: "it holds password hashes",
  pg_shadow: "it holds password hashes",
  pg_user_mapping: "it holds passwords of other servers",
  pg_user_mappings: "it holds passwords of other servers",
  _pg_user_mappings: "it holds passwords of other servers",
  user_mapping_options: "it holds passwords of other servers",
  pg_subscription: "it holds passwords of other servers",
  pg_db_role_setting: "settings of roles and databases often hold secrets",
  pg_hba_file_rules: "it reads a file of the server",
  pg_ident_file_mappings: "it reads a file of the server",
  pg_file_settings: "it reads a file of the server",
  pg_largeobject: "it holds the content of large objects",
};

const STATISTICS = new Set(words("pg_statistic pg_statistic_ext_data pg_stats pg_stats_ext pg_stats_ext_exprs"));

/** Why a relation of PostgreSQL's own may not be read; undefined when it may. @param masked columns are hidden by rules */
export function whyRefused(schema: string | undefined, name: string, masked: boolean): string | undefined {
  if (schema === "pg_toast") return "it holds other tables' values";
  if (schema !== undefined && schema !== "pg_catalog" && schema !== "information_schema") return undefined;
  if (masked && STATISTICS.has(name)) return "it holds samples of masked columns";
  return Object.hasOwn(REFUSED_RELATIONS, name) ? REFUSED_RELATIONS[name] : undefined;
}

const SECRET_SETTINGS = new Set(["primary_conninfo", "ssl_passphrase_command"]);

/** PostgreSQL's settings that hold secrets, and settings of applications (their names have a dot) that sound like it. */
export function isSecretSetting(name: string): boolean {
  const setting = name.toLowerCase();
  return (
    SECRET_SETTINGS.has(setting) || (setting.includes(".") && /pass|secret|token|key|credential|jwt/.test(setting))
  );
}

function words(list: string): string[] {
  return list.trim().split(/\s+/);
}

const HARMLESS: ReadonlySet<string> = new Set(HARMLESS_BUILTINS);
