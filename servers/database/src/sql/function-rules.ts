import type { Facts, FunctionFact } from "./lookup.js";
import { refusedFunction } from "./name-rules.js";
import type { CalledFunction, Mentions, Name } from "./names.js";
import type { GatePolicy } from "./policy.js";
import { isHarmless, isRefused } from "./reviewed.js";

/**
 * Refuses a statement that could run a function which is not known to only read: named by it, or run by an operator, cast,
 * domain or view that it uses. Any overload that PostgreSQL could choose counts.
 * @throws ToolError PERMISSION_DENIED
 */
export function refuseFunctions(mentions: Mentions, facts: Facts, policy: GatePolicy, use: "read" | "write"): void {
  for (const fact of facts.functions) {
    if (policy.allowFunctions.includes(`${fact.schema}.${fact.name}`)) continue;
    const why = whyNot(fact, facts, policy, use);
    if (why && mayRun(fact, mentions, facts.path))
      throw refusedFunction(`${fact.schema}.${fact.name}`, why + reached(fact));
  }
}

function whyNot(fact: FunctionFact, facts: Facts, policy: GatePolicy, use: "read" | "write"): string | undefined {
  const { name, extension, volatile } = fact;
  if (use === "write" && fact.builtin && (name === "nextval" || name === "setval")) return undefined;
  if ((fact.builtin || extension) && isRefused(name, fact.ownArgs)) return "may reach things outside this query";
  if (fact.builtin || extension) {
    return volatile && !isHarmless(name, extension) ? "is volatile, so it may do more than read" : undefined;
  }
  if (fact.constructor) return undefined;
  if (volatile) return "is volatile, so it may do more than read";
  if (facts.privileged) return "was made by a user, and this role may reach the server's files, programs or sessions";
  if (fact.elevated) return "runs with the rights of an owner who may reach the server's files, programs or sessions";
  if (policy.masks.length > 0) return "was made by a user, and may show columns that are masked";
  return undefined;
}

const reached = ({ via, what }: FunctionFact) => (via === "call" ? "" : `; the ${via} ${what} runs it`);

function mayRun(fact: FunctionFact, { functions, operators }: Mentions, path: readonly string[]): boolean {
  const found = (named: Name, schema: string) => (named.schema ? named.schema === schema : path.includes(schema));
  switch (fact.via) {
    case "call":
      return functions.some(
        (called) => called.name === fact.what && found(called, fact.whatSchema) && fits(called, fact),
      );
    case "operator":
      return operators.some((named) => named.name === fact.what && found(named, fact.whatSchema));
    default:
      return true;
  }
}

/** Whether so many arguments can be given. Where SQL gives them in several places, only the name decides. */
function fits({ args, asAttribute }: CalledFunction, fact: FunctionFact): boolean {
  if (asAttribute && !fact.takesRow) return false;
  if (args === undefined || fact.aggregate) return true;
  const most = fact.args ?? 0;
  return args >= most - (fact.defaults ?? 0) - (fact.variadic ? 1 : 0) && (fact.variadic === true || args <= most);
}
