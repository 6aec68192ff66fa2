type Schema = Record<string, unknown>;

interface Place {
  path: string;
  schema: Schema;
}

/** Paths of the properties, at any depth, that say nothing about themselves. */
export const undescribedFields = (root: unknown): string[] =>
  places(root).flatMap(({ path, schema }) =>
    Object.entries((schema.properties ?? {}) as Record<string, Schema>).flatMap(([name, property]) =>
      resolve(property, root).description || property.description ? [] : [`${path}${name}`],
    ),
  );

/** Paths of the objects with named fields that would also take others. */
export const looseObjects = (root: unknown): string[] =>
  places(root).flatMap(({ path, schema }) =>
    schema.type === "object" && schema.properties && schema.additionalProperties !== false ? [path || "/"] : [],
  );

/** Every schema inside a schema, with where it is. */
function places(root: unknown): Place[] {
  const found: Place[] = [];
  visit(root, "");
  return found;

  function visit(value: unknown, path: string): void {
    if (typeof value !== "object" || value === null) return;
    const schema = value as Schema;
    found.push({ path, schema });
    for (const keyword of ["items", "prefixItems", "anyOf", "oneOf", "allOf", "additionalProperties"]) {
      for (const member of [schema[keyword]].flat()) visit(member, path);
    }
    for (const keyword of ["properties", "$defs"]) {
      for (const [name, member] of Object.entries((schema[keyword] ?? {}) as Schema)) visit(member, `${path}${name}.`);
    }
  }
}

/** Follows a reference to a shared part of the same schema. */
function resolve(schema: Schema, root: unknown): Schema {
  const { $ref } = schema;
  if (typeof $ref !== "string") return schema;
  const [, ...steps] = $ref.split("/");
  return steps.reduce((at, step) => (at as Schema)[step] as Schema, root as Schema);
}
