import * as z from "zod";

/** A part of a JSON Schema, as far as options are made of it. */
export type Schema = {
  type?: string;
  format?: string;
  description?: string;
  enum?: readonly unknown[];
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  additionalProperties?: unknown;
  $ref?: string;
  $defs?: Record<string, Schema>;
};

/** A member that a request may have. `isRequired`: the request is refused without it; `isNullable`: null takes away what it is about. */
export type Field = { path: readonly string[]; schema: Schema; isRequired: boolean; isNullable: boolean };

/** What a zod schema takes, as JSON Schema. */
export const taken = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;

export const isMoney = ({ properties = {} }: Schema): boolean => Object.keys(properties).join() === "amount,currency";

/** Lists the members of a schema that have a value of their own: those of objects within are named by their path. */
export function fieldsOf(zod: z.ZodType): Field[] {
  const root = taken(zod);
  const resolved = (schema: Schema): Schema => {
    const [, name = ""] = /^#\/\$defs\/(.+)$/.exec(schema.$ref ?? "") ?? [];
    return { ...root.$defs?.[name], ...schema };
  };
  const within = (schema: Schema, path: readonly string[], isRequired: boolean): Field[] =>
    Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
      const { own, isNullable } = withoutNull(part);
      const field = {
        path: [...path, name],
        schema: resolved(own),
        isRequired: isRequired && isIn(schema, name),
        isNullable,
      };
      const isWhole = field.schema.properties === undefined || isMoney(field.schema);
      return isWhole ? [field] : within(field.schema, field.path, field.isRequired);
    });
  return within(root, [], true);
}

/** A schema that takes null as well, without that. */
function withoutNull(schema: Schema): { own: Schema; isNullable: boolean } {
  const { anyOf = [], ...rest } = schema;
  const [own, ...others] = anyOf.filter(({ type }) => type !== "null");
  if (own === undefined || others.length > 0 || anyOf.length === 1) return { own: schema, isNullable: false };
  return { own: { ...own, ...rest }, isNullable: true };
}

const isIn = ({ required = [] }: Schema, name: string): boolean => required.includes(name);

/** Tells whether a JSON pointer leads to something that a schema knows, through lists and every form that it may have. */
export function leadsTo(zod: z.ZodType, pointer: string): boolean {
  const root = taken(zod);
  const within = (schema: Schema, [name, ...rest]: readonly string[]): boolean => {
    const [, ref] = /^#\/\$defs\/(.+)$/.exec(schema.$ref ?? "") ?? [];
    if (ref !== undefined) return within(root.$defs?.[ref] ?? {}, name === undefined ? [] : [name, ...rest]);
    if (name === undefined) return true;
    const forms = [...(schema.anyOf ?? []), ...((schema as { oneOf?: Schema[] }).oneOf ?? [])];
    const own = schema.properties?.[name];
    if (own !== undefined && within(own, rest)) return true;
    if (schema.items !== undefined && within(schema.items, [name, ...rest])) return true;
    return forms.some((form) => within(form, [name, ...rest]));
  };
  return within(root, pointer.split("/").slice(1));
}
