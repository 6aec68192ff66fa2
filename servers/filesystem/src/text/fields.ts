import * as z from "zod";

/** A number of lines to read. */
export const lineCount = z.number().int().min(1);
