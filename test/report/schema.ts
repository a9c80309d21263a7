/** The part of JSON Schema that docs/mdcheck-1.schema.json uses. */
interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const KEYWORDS = [
  "$schema",
  "$defs",
  "$ref",
  "title",
  "description",
  "const",
  "enum",
  "type",
  "anyOf",
  "required",
  "properties",
  "additionalProperties",
  "items",
];

/** Where and why `value` does not fit `schema`; empty when it does. */
export function misfits(schema: unknown, value: unknown): readonly string[] {
  const root = schema as Schema;
  return walk(root, root, value, "");
}

function walk(root: Schema, schema: Schema, value: unknown, path: string): readonly string[] {
  const unknown = Object.keys(schema).filter((key) => !KEYWORDS.includes(key));
  if (unknown.length > 0) {
    throw new Error(`the walker does not know ${unknown.join(", ")}`);
  }
  const found: string[] = [];
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.replace("#/$defs/", "")];
    found.push(
      ...(target === undefined ? [`${schema.$ref} is missing`] : walk(root, target, value, path)),
    );
  }
  if (schema.const !== undefined && value !== schema.const) {
    found.push(`${path}: not ${String(schema.const)}`);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    found.push(`${path}: ${String(value)} is none of ${schema.enum.join(", ")}`);
  }
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isA(type, value))) {
    found.push(`${path}: not ${String(schema.type)}`);
  }
  if (schema.anyOf?.every((one) => walk(root, one, value, path).length > 0)) {
    found.push(...schema.anyOf.flatMap((one) => walk(root, one, value, path)));
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    found.push(
      ...(items === undefined
        ? []
        : value.flatMap((one, index) => walk(root, items, one, `${path}[${index}]`))),
    );
  } else if (typeof value === "object" && value !== null) {
    found.push(...walkObject(root, schema, value, path));
  }
  return found;
}

function walkObject(root: Schema, schema: Schema, value: object, path: string): readonly string[] {
  const found = (schema.required ?? [])
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => `${path}: ${key} is missing`);
  for (const [key, part] of Object.entries(value)) {
    const own = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
    const { additionalProperties } = schema;
    if (own !== undefined) {
      found.push(...walk(root, own, part, `${path}.${key}`));
    } else if (additionalProperties === false) {
      found.push(`${path}: ${key} is not in the schema`);
    } else if (typeof additionalProperties === "object") {
      found.push(...walk(root, additionalProperties, part, `${path}.${key}`));
    }
  }
  return found;
}

function isA(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
