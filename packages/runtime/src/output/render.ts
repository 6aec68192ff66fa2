type Scalar = string | number | boolean | null | undefined;
type Row = Record<string, unknown>;

/**
 * Compact text for an object result, in which every scalar leaf appears once: `key: value` lines, comma lists,
 * and a table with one header line for each list of objects (cells as in CSV, RFC 4180).
 */
export function render(output: unknown): string {
  return lines(output).join("\n");
}

function lines(value: unknown): string[] {
  if (isScalar(value)) return [String(value ?? "")];
  if (Array.isArray(value)) return list(value);
  return Object.entries(value as Row)
    .filter(([, member]) => member !== undefined)
    .flatMap(([key, member]) => field(key, member));
}

function field(key: string, value: unknown): string[] {
  if (isScalar(value)) return block(key, String(value ?? "").split("\n"));
  if (Array.isArray(value) && value.length === 0) return [`${key}: none`];
  if (Array.isArray(value) && value.every(isScalar)) {
    const joined = value.map(cell).join(", ");
    return joined.length <= 100 ? [`${key}: ${joined}`] : [`${key}:`, ...value.map(cell)];
  }
  const nested = lines(value);
  if (nested.length === 0) return [`${key}: none`];
  return [`${key}:`, ...(isTable(value) ? nested : nested.map((line) => `  ${line}`))];
}

/** A string of several lines keeps them, indented below its key. */
const block = (key: string, [first = "", ...rest]: string[]) =>
  rest.length === 0 ? [`${key}: ${first}`] : [`${key}:`, ...[first, ...rest].map((line) => `  ${line}`)];

function list(items: unknown[]): string[] {
  if (items.every(isScalar)) return items.map(cell);
  if (isTable(items)) return table(items as Row[]);
  return items.flatMap((item) => {
    const [first = "", ...rest] = lines(item);
    return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
  });
}

/** Objects whose members are scalars, or objects and lists of scalars, make rows; anything deeper does not. */
const isTable = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isRow);
const isRow = (item: unknown) => {
  if (!isObject(item)) return false;
  const cells = flatten(item);
  // `{"a.b": 1, a: {b: 2}}` would put two values into one column.
  return cells.every(([, member]) => isScalar(member)) && new Map(cells).size === cells.length;
};
const isObject = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is Scalar => value === null || typeof value !== "object";

function table(items: Row[]): string[] {
  const rows = items.map((item) => new Map(flatten(item)));
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const columns = names.filter((name) => rows.some((row) => row.get(name) !== undefined));
  return [columns.map(cell).join(","), ...rows.map((row) => columns.map((name) => cell(row.get(name))).join(","))];
}

/** `{a: {b: 1}, c: [2, 3]}` → `["a.b", 1], ["c", "2 3"]`. */
function flatten(row: Row, prefix = ""): [string, unknown][] {
  return Object.entries(row).flatMap(([key, value]): [string, unknown][] => {
    if (isObject(value)) return flatten(value, `${prefix}${key}.`);
    return [[prefix + key, Array.isArray(value) && value.every(isScalar) ? value.map(String).join(" ") : value]];
  });
}

function cell(value: unknown): string {
  const word = String(value ?? "");
  return /[",\n\r]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}
