import { readFileSync } from "node:fs";

/** A query that must not be refused. */
export interface CorpusQuery {
  name: string;
  sql: string;
  params: unknown[];
  /** Oldest major version that has this syntax. */
  min: number;
  /** Extension that it is about. */
  needs?: string;
}

const text = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");

/** Run once by a superuser in a database of its own: tables in `public`, role `analyst`. */
export const corpusSchema = text("schema.sql");

/** Lines `-- name min=17 needs=hstore params=["x"]`, each with its query below. */
export function loadCorpus(): CorpusQuery[] {
  return text("analytics.sql")
    .split(/^-- (?=\S)/m)
    .slice(1)
    .map((block) => {
      const [header = "", ...lines] = block.split("\n");
      const flag = (key: string) => new RegExp(` ${key}=(\\S+)`).exec(header)?.[1];
      const needs = flag("needs");
      return {
        name: header.replace(/ \w+=\S+/g, ""),
        sql: lines.join("\n").trim(),
        params: JSON.parse(flag("params") ?? "[]"),
        min: Number(flag("min") ?? 13),
        ...(needs && { needs }),
      };
    });
}
