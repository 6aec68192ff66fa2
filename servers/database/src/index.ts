import { defineServer } from "@mcp-reference/runtime";
import manifest from "../package.json" with { type: "json" };
import { config } from "./config.js";
import { exploreDatabase } from "./prompts/explore-database.js";
import { healthReport } from "./prompts/health-report.js";
import { optimizeQuery } from "./prompts/optimize-query.js";
import { writeMigration } from "./prompts/write-migration.js";
import { databaseRelationships } from "./resources/database-relationships.js";
import { databaseSchemas } from "./resources/database-schemas.js";
import { result, resultPart } from "./resources/result.js";
import { schema } from "./resources/schema.js";
import { serverTableSchema } from "./resources/server-table-schema.js";
import { tableSchema } from "./resources/table-schema.js";
import { openServices } from "./services.js";
import { adviseIndexes } from "./tools/advise-indexes.js";
import { checkHealth } from "./tools/check-health.js";
import { describeObject } from "./tools/describe-object.js";
import { execute } from "./tools/execute.js";
import { explainQuery } from "./tools/explain-query.js";
import { exportQuery } from "./tools/export-query.js";
import { listDatabases } from "./tools/list-databases.js";
import { listTopQueries } from "./tools/list-top-queries.js";
import { query } from "./tools/query.js";
import { sampleTable } from "./tools/sample-table.js";
import { searchObjects } from "./tools/search-objects.js";

export default defineServer({
  name: "database",
  version: manifest.version,
  description: manifest.description,
  instructions:
    "PostgreSQL. Find tables with search_objects, look at one with describe_object, then query; values go into params. " +
    "Results are cut to a page: aggregate in SQL, or go on with cursor. Slow? explain_query, then advise_indexes.",
  config,
  readOnly: true,
  concurrency: 32,
  open: openServices,
  needs: { fs: "state", network: true, childProcesses: [], workers: true },
  tools: [
    query,
    sampleTable,
    listDatabases,
    searchObjects,
    describeObject,
    explainQuery,
    checkHealth,
    adviseIndexes,
    listTopQueries,
    exportQuery,
    execute,
  ],
  resources: [databaseSchemas, databaseRelationships, tableSchema, schema, result, resultPart, serverTableSchema],
  prompts: [exploreDatabase, optimizeQuery, healthReport, writeMigration],
});
