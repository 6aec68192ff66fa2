import { quoteIdentifier } from "../engine/quote-identifier.js";
import type { Reader } from "../engine/types.js";
import { type Description, withoutEmpty } from "./describe/description.js";
import { describeExtension } from "./describe/extension.js";
import { describeFunction } from "./describe/function.js";
import { describeIndex } from "./describe/index-alone.js";
import { describeRelation } from "./describe/relation.js";
import { describeSchema } from "./describe/schema.js";
import { describeSequence } from "./describe/sequence.js";
import { describeType } from "./describe/type.js";
import type { ObjectGroup } from "./objects.js";
import { resolveObject } from "./resolve-object.js";

/**
 * What PostgreSQL's catalog knows of one object. A column or trigger is described with its table.
 * @param written its name as in SQL, qualified or not
 * @throws ToolError as {@link resolveObject}
 */
export async function describeObject(reader: Reader, written: string): Promise<Description> {
  const { group, kind, label, schema, parent, objoid } = await resolveObject(reader, written);
  if (parent !== null) return describeObject(reader, `${quoteIdentifier(schema)}.${quoteIdentifier(parent)}`);
  return { kind, name: label, ...withoutEmpty(await describers[group](reader, objoid)) };
}

type Describe = (reader: Reader, oid: number) => Promise<Record<string, unknown>>;

const describers: Record<ObjectGroup, Describe> = {
  table: describeRelation,
  view: describeRelation,
  column: describeRelation,
  trigger: describeRelation,
  index: describeIndex,
  sequence: describeSequence,
  function: describeFunction,
  type: describeType,
  schema: describeSchema,
  extension: describeExtension,
};
