import type { OpenServices } from "@mcp-reference/runtime";
import type { Databases } from "./engine/types.js";

/** What every handler shares. */
export interface Services extends OpenServices {
  readonly databases: Databases;
}
