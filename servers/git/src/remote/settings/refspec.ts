import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import { refNameProblem } from "../../repository/refs/ref-format.js";

/** Which refs of one side go to which of the other; `*` stands for any part of a name. */
export interface Refspec {
  readonly kind: "force" | "plain" | "exclude";
  readonly source: ByteString;
  /** Empty where nothing is to be written. */
  readonly destination: ByteString;
}

/** @param text such as `+refs/heads/*:refs/remotes/origin/*` @throws ToolError INVALID_ARGUMENT */
export function parseRefspec(text: ByteString): Refspec {
  const kind = text.startsWith("+") ? "force" : text.startsWith("^") ? "exclude" : "plain";
  const [source = "", destination = "", ...more] = text.slice(kind === "plain" ? 0 : 1).split(":");
  const stars = [source, destination].map((side) => side.split("*").length - 1);
  const problem = [source, destination]
    .filter((side) => side !== "")
    .map((side) => refNameProblem(side.replace("*", "x")))
    .find((words) => words !== undefined);
  const isPattern = stars.some((count) => count > 0);
  if (
    more.length > 0 ||
    source === "" ||
    problem !== undefined ||
    (isPattern && destination !== "" && stars[0] !== stars[1])
  ) {
    throw new ToolError("INVALID_ARGUMENT", `the refspec ${textOf(text)} cannot be used`);
  }
  return { kind, source, destination };
}

/** Where a ref goes by one refspec; undefined where it does not match. */
export function destinationOf({ source, destination }: Refspec, ref: ByteString): ByteString | undefined {
  const star = source.indexOf("*");
  if (star < 0) return source === ref ? destination : undefined;
  const [before, after] = [source.slice(0, star), source.slice(star + 1)];
  if (ref.length < before.length + after.length || !ref.startsWith(before) || !ref.endsWith(after)) return undefined;
  return destination.replace("*", () => ref.slice(before.length, ref.length - after.length));
}

/** What names of matching refs begin with. */
export const prefixOf = ({ source }: Refspec): ByteString => source.replace(/\*.*$/s, "");
