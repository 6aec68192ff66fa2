import { expect, it } from "vitest";
import { windowsNameProblem } from "./windows-names.js";

it.each([
  "a.txt:stream",
  "a::$DATA",
  "NUL",
  "nul.txt",
  "con",
  "COM1",
  "lpt¹.x",
  "CONIN$",
  "a.",
  "a ",
  "...",
  "ENV~1",
  "PROGRA~1",
  "ID_RSA~1.PUB",
  "a?",
  "a*b",
  "a|b",
])("refuses %j", (name) => expect(windowsNameProblem(name)).toBeDefined());

it.each([
  "a.txt",
  ".env",
  " leading",
  "console",
  "com",
  "com10",
  "null",
  "a~",
  "~a",
  "long-file-name~1",
  "a.b.c",
  "ünï",
  "$x",
])("takes %j", (name) => expect(windowsNameProblem(name)).toBeUndefined());
