import { bytes, count, percent } from "../amounts.js";
import type { HealthCheck } from "./health-check.js";

interface Limits {
  /** Blocks that must have been asked for before a ratio says anything. */
  blocks: number;
  ratio: number;
}

/** How much of what queries read was in shared_buffers. */
export const cache = ({ blocks, ratio }: Limits = { blocks: 100_000, ratio: 0.95 }): HealthCheck => ({
  name: "cache",
  async run(session, { block, embedded }) {
    const [total] = await session.rows<{ hit: number; read: number; buffers: number }>(
      `SELECT blks_hit AS hit, blks_read AS read, (SELECT setting::float8 FROM pg_settings WHERE name = 'shared_buffers') AS buffers
       FROM pg_stat_database WHERE datname = current_database()`,
    );
    const { hit = 0, read = 0, buffers = 0 } = total ?? {};
    if (hit + read < blocks) {
      const why = embedded ? "the embedded database counts little" : "too few to judge";
      return { status: "ok", summary: `Only ${count(hit + read)} blocks were asked for: ${why}` };
    }
    const tables = await session.rows<{ table: string; read: number; hit: number }>(TABLES);
    const low = hit / (hit + read) < ratio;
    return {
      status: low ? "warning" : "ok",
      summary: `${percent(hit / (hit + read))} of blocks came from shared_buffers (${bytes(buffers * block)})`,
      evidence: tables.map(({ table, read: from, hit: cached }) => ({
        table,
        read: bytes(from * block),
        cached: percent(cached / Math.max(cached + from, 1)),
      })),
      advice: low
        ? "See which queries read most (list_top_queries by io) and whether an index spares the reading; then raise shared_buffers towards a quarter of memory. The system's own cache is not counted here"
        : undefined,
    };
  },
});

const TABLES = `
SELECT relid::regclass::text AS table, coalesce(heap_blks_read, 0) + coalesce(idx_blks_read, 0) AS read,
  coalesce(heap_blks_hit, 0) + coalesce(idx_blks_hit, 0) AS hit
FROM pg_statio_user_tables ORDER BY 2 DESC LIMIT 20`;
