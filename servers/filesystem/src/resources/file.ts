import { resource } from "../define.js";
import { watchPath } from "../watch/watch-path.js";
import { completePathVariable } from "./complete-path.js";
import { pathOfVariable } from "./file-uri.js";
import { listTopLevel } from "./list-top-level.js";
import { readPath } from "./read-path.js";

export const file = resource({
  name: "file",
  template: "file:///{+path}",
  description: "A file or directory inside the allowed directories, by its absolute path.",
  complete: { path: completePathVariable },
  list: listTopLevel,
  read: ({ path = "" }, context) => readPath(pathOfVariable(path), context),
  watch: ({ path = "" }, changed, { sandbox }) => watchPath(sandbox, pathOfVariable(path), changed),
});
