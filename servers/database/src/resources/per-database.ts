import type { ListPage, ResourceEntry } from "@mcp-reference/runtime";
import * as z from "zod";
import type { Services } from "../services.js";
import { JSON_TYPE } from "./json.js";

/** Lists one entry for each configured database, whether it is up or not. */
export function listPerDatabase(what: string) {
  return ({ position, limit }: ListPage, { databases }: Pick<Services, "databases">) => {
    const from = z.number().default(0).parse(position);
    const to = from + limit;
    const entries = databases.all.slice(from, to).map(
      ({ info }): ResourceEntry => ({
        uri: `db://${encodeURIComponent(info.name)}/${what}`,
        name: `${info.name} ${what}`,
        description: info.description,
        mimeType: JSON_TYPE,
      }),
    );
    return { entries, next: to < databases.all.length ? to : undefined };
  };
}

export const completeDatabase = (typed: string, { databases }: Pick<Services, "databases">): string[] =>
  databases.all.map(({ info }) => info.name).filter((name) => name.startsWith(typed));
