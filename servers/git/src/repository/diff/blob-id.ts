import { createHash } from "node:crypto";
import type { ObjectId } from "../object-id.js";

/** The id that content has, or would have, as a blob. */
export const blobId = (content: Buffer): ObjectId =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
