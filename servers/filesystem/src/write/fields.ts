import * as z from "zod";

/** The state a file must be in to be changed. */
export const ifMatch = z.string().describe("Etag the file must still have");
