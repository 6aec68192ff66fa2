import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { Repository } from "../repository.js";

/** What happens to a file between the worktree and the objects. */
export interface Conversion {
  /** `auto`: only where the content looks like text; `none`: line ends are content. */
  readonly text: "always" | "auto" | "none";
  /** Line ends of the worktree. */
  readonly lineEnd: "lf" | "crlf";
  /** `$Id$` is expanded. */
  readonly ident: boolean;
  /** Encoding in the worktree, where it is not UTF-8; in lower case. */
  readonly encoding: string | undefined;
  /** Name of a filter for which the config names programs. They are never run. */
  readonly filter: string | undefined;
}

/** What decides: `.gitattributes` and settings. */
export type ConversionRules = Pick<Repository, "attributes" | "config">;

/** Reads the attributes and settings that decide; git's own order of precedence. */
export function conversionOf(repo: ConversionRules, path: ByteString): Conversion {
  const attributes = repo.attributes();
  const declared = declaredText(attributes.get(path, "text")) ?? declaredText(attributes.get(path, "crlf"));
  const eol = attributes.get(path, "eol");
  const autocrlf = autocrlfOf(repo);
  const lineEnd =
    eol === "lf" || eol === "crlf" ? eol : declared === "input" || autocrlf === "input" ? "lf" : endOf(repo, autocrlf);
  return {
    text: textOfPath(declared, eol === "lf" || eol === "crlf", autocrlf),
    lineEnd: declared === "input" && eol === undefined ? "lf" : lineEnd,
    ident: attributes.get(path, "ident") === true,
    encoding: encodingOf(attributes.get(path, "working-tree-encoding"), path),
    filter: filterOf(repo, attributes.get(path, "filter")),
  };
}

type DeclaredText = "always" | "auto" | "input" | "none";

function declaredText(value: boolean | string | undefined): DeclaredText | undefined {
  if (value === true) return "always";
  if (value === false) return "none";
  return value === "auto" || value === "input" ? value : undefined;
}

function textOfPath(declared: DeclaredText | undefined, hasEol: boolean, autocrlf: Autocrlf): Conversion["text"] {
  if (declared === "none" || declared === "auto") return declared;
  if (declared !== undefined || hasEol) return "always";
  return autocrlf === "no" ? "none" : "auto";
}

type Autocrlf = "crlf" | "input" | "no";

function autocrlfOf(repo: ConversionRules): Autocrlf {
  if (repo.config.get("core.autocrlf")?.toLowerCase() === "input") return "input";
  return repo.config.flag("core.autocrlf") ? "crlf" : "no";
}

function endOf(repo: ConversionRules, autocrlf: Autocrlf): "lf" | "crlf" {
  if (autocrlf === "crlf") return "crlf";
  const eol = repo.config.get("core.eol")?.toLowerCase();
  if (eol === "crlf" || eol === "lf") return eol;
  return process.platform === "win32" ? "crlf" : "lf";
}

function encodingOf(value: boolean | string | undefined, path: ByteString): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "boolean") {
    throw new ToolError("INVALID_ARGUMENT", `.gitattributes give ${textOf(path)} no valid working-tree-encoding`);
  }
  const name = value.toLowerCase();
  return name === "utf-8" || name === "utf8" || name === "" ? undefined : name;
}

function filterOf(repo: ConversionRules, name: boolean | string | undefined): string | undefined {
  if (typeof name !== "string") return undefined;
  const isActive = ["clean", "smudge", "process"].some((key) => repo.config.get(`filter.${name}.${key}`));
  return isActive || repo.config.flag(`filter.${name}.required`) ? name : undefined;
}
