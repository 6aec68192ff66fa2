import * as z from "zod";

export const databaseName = z.string().optional().describe("Name from list_databases");

export const sql = z.string().min(1).describe("One statement; values as $1, $2, …");

export const parameters = z.array(z.unknown()).describe("Values of $1, $2, …");
