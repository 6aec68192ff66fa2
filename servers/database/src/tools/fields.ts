import * as z from "zod";

export const databaseName = z.string().optional().describe("Name from list_databases");
