import { ToolError } from "@mcp-reference/validation";
import type { Repository } from "../repository/repository.js";
import type { Services } from "../services.js";

/** The repository that a URI names. @throws ToolError NOT_FOUND */
export function repositoryNamed({ repositories }: Pick<Services, "repositories">, name = ""): Repository {
  const known = repositories.byName();
  const path = known.get(name);
  if (path !== undefined) return repositories.open(path);
  throw new ToolError("NOT_FOUND", `no repository is called ${JSON.stringify(name)}`, {
    hint: `There are ${[...known.keys()].slice(0, 20).join(", ") || "none"}`,
  });
}
