import * as z from "zod";

export const config = z.object({
  notes: z
    .array(z.string().min(1))
    .default(["shopping"])
    .describe("Names of the notes there are at the start")
    .meta({ positional: true, placeholder: "note" }),
  syncToken: z
    .string()
    .min(8)
    .optional()
    .describe("Token of the service that notes are synchronised with")
    .meta({ secret: true, env: "NOTES_SYNC_TOKEN" }),
});
